import type { Engine } from '../engine/engine.ts'
import { eventSchema, type CommerceEvent } from '../model/event.ts'
import type { Cart } from '../model/cart.ts'
import type { CommerceRecord } from '../model/record.ts'
import type { CartWatch, IngestPage } from '../spec/store.ts'
import { canBeLeft } from './cart-events.ts'
import { buyerOf, cartData } from './event-data.ts'
import { anybodyTakes, ingestEvent } from './raise-events.ts'

/** A cart may be left once, and again each time it was touched since, but not for ever. */
const timesLeft = 4
/** A cart that was left longer ago, while nobody looked, is nothing to remind of. */
const lateMs = 24 * 60 * 60_000
const pageSize = 500

/**
 * Finds carts that were left alone for the idle time, and tells it once for each time. Only as far as carts and orders are read (by the source's clock): a purchase
 * that we could not know of yet stops nothing. Called in every pass after it has read; a source that was never read whole tells nothing.
 */
export const tellLeftCarts = async (engine: Engine, token: string, signal: AbortSignal): Promise<void> => {
  if (!anybodyTakes(engine.connections.values(), 'cart.abandoned')) return
  for (const [name, source] of engine.sources) {
    const upTo = source.entities.includes('cart') ? await readUpTo(engine, name) : undefined
    if (upTo !== undefined) await tellOf(engine, name, upTo, token, signal)
  }
}

const tellOf = async (engine: Engine, source: string, upTo: number, token: string, signal: AbortSignal): Promise<void> => {
  for (let found = pageSize; found === pageSize;) {
    signal.throwIfAborted()
    // In the same turn, so that no cart that is touched in between is undone.
    found = await engine.ingestInTurn(async () => {
      const due = await engine.store.dueCarts({ source, upTo, limit: pageSize })
      if (due.length > 0) await tell(engine, source, due, upTo, token)
      return due.length
    })
  }
}

/** Up to when the carts of a source and the orders of all are known. Undefined while one of them was never read. */
const readUpTo = async (engine: Engine, source: string): Promise<number | undefined> => {
  const ordering = [...engine.sources].flatMap(([name, { entities }]) => (entities.includes('order') ? [name] : []))
  const cursors = [
    await engine.store.cursor(source, 'cart', 'delta'),
    ...(await Promise.all(ordering.map((name) => engine.store.cursor(name, 'order', 'delta')))),
  ]
  const highs = cursors.map((cursor) => cursor?.high ?? undefined)
  return highs.every((high) => high !== undefined) ? Math.min(...highs.flatMap((high) => high ?? [])) : undefined
}

const tell = async (engine: Engine, source: string, due: readonly CartWatch[], upTo: number, token: string): Promise<void> => {
  const stored = await engine.store.records(due.map(({ id }) => ({ source, entity: 'cart', id })))
  const page: Required<Pick<IngestPage, 'events' | 'carts'>> = { events: [], carts: [] }
  for (const [index, watch] of due.entries()) {
    const cart = stored[index]?.deletedAt === null ? cartOf(stored[index]?.body ?? null) : undefined
    const dueAt = Number(watch.dueAt)
    const isLeft = cart !== undefined && canBeLeft(cart) && watch.left < timesLeft && upTo - dueAt <= lateMs
    page.carts.push({ id: watch.id, dueAt: null, ...(isLeft ? { left: watch.left + 1 } : {}) })
    if (!isLeft) continue
    const event: CommerceEvent = {
      id: `cart.abandoned:${cart.id}:${watch.left + 1}`,
      type: 'cart.abandoned',
      occurredAt: new Date(dueAt).toISOString(),
      subject: buyerOf(cart),
      data: cartData(cart),
    }
    page.events.push(
      ingestEvent(engine.connections.values(), source, eventSchema.parse(event), { cause: 'due', told: false, changedAt: dueAt }),
    )
  }
  const empty = { records: [], aliases: [], joins: [], members: [], raises: [], rejected: [] }
  await engine.store.ingest({ token, source, ...empty, ...page, now: engine.clock.now() })
}

const cartOf = (body: string | null): Cart | undefined => {
  // The body was checked against the schema when it was stored.
  const record = body === null ? undefined : (JSON.parse(body) as CommerceRecord)
  return record?.entity === 'cart' ? record : undefined
}
