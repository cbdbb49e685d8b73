import type { Connection } from '../engine/connection.ts'
import type { Engine } from '../engine/engine.ts'
import type { Order } from '../model/order.ts'
import { recordUnit } from '../routing/units.ts'
import type { LinkState, StoredRecord } from '../spec/store.ts'
import type { ComparableObject } from './remote-fields.ts'
import { sourceOrder, type Period, type SourceOrder } from './source-order.ts'

/** An order of the source with where its delivery stands. */
export interface ExpectedOrder extends SourceOrder {
  link: LinkState | undefined
}

const pageSize = 500

const orderOf = ({ body }: StoredRecord): Order | undefined =>
  // The body was checked against the schema when it was stored, and the store was asked for orders.
  body === null ? undefined : (JSON.parse(body) as Order)

/** Whether the delivery is under way, so that the destination may have the order or not. */
export const isInFlight = ({ link }: ExpectedOrder): boolean =>
  link !== undefined && ['ready', 'sending', 'pending', 'parked', 'held'].includes(link.state)

/** Whether the connection decided not to deliver it. */
export const isLeftOut = ({ link }: ExpectedOrder): boolean =>
  link?.state === 'settled' && (link.result === 'skipped' || link.result === 'superseded')

/** Orders of the store in the terms of the comparison. Deleted and erased ones are none. */
export const withLinks = async (
  engine: Engine,
  connection: Connection,
  comparable: ComparableObject,
  records: readonly StoredRecord[],
  period: Period,
): Promise<ExpectedOrder[]> => {
  const now = engine.clock.now()
  const orders = records.flatMap((record): SourceOrder[] => {
    const order = record.deletedAt === null ? orderOf(record) : undefined
    if (order === undefined) return []
    const unit = recordUnit('order', record.source, record.id)
    return [sourceOrder(connection, comparable, { order, unit, source: record.source, now }, period)]
  })
  const links = await engine.store.links(
    connection.name,
    orders.map(({ unit }) => ({ object: comparable.object, unit })),
  )
  return orders.map((order, index) => ({ ...order, link: links[index] }))
}

/** Every order of the window that the store holds, page by page. */
export async function* ordersOfPeriod(
  engine: Engine,
  connection: Connection,
  comparable: ComparableObject,
  period: Period,
  signal: AbortSignal,
): AsyncGenerator<ExpectedOrder[]> {
  for (const source of engine.sources.keys()) {
    let afterRid = 0
    for (;;) {
      signal.throwIfAborted()
      const page = await engine.store.scan({ source, entity: 'order', afterRid, limit: pageSize, bodies: true })
      const last = page.at(-1)
      if (last === undefined) break
      afterRid = last.rid
      yield (await withLinks(engine, connection, comparable, page, period)).filter(({ counted }) => counted !== undefined)
    }
  }
}
