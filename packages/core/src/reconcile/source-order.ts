import type { Connection } from '../engine/connection.ts'
import type { Order } from '../model/order.ts'
import { orderStage } from '../signals/order-stage.ts'
import type { FieldValue } from '../spec/destination.ts'
import type { ComparableObject } from './remote-fields.ts'
import { orderView } from '../views/order-view.ts'
import { recordKey } from '../routing/units.ts'

/** What an order adds to the sums of one end. Amounts are exact decimals of `currency`. */
export interface Counted {
  day: string
  utcDay: string
  currency: string
  store: string | null
  customerGroup: string | null
  amount: string
  gross: string | null
  net: string | null
  refunds: string | null
}

/** An order as the source has it, and what the contract makes of it. `counted` is undefined when it is in no sum of the window. */
export interface SourceOrder {
  unit: string
  key: string
  number: string | null
  id: string
  won: boolean
  /** Won without a time of payment, as in shops that do not keep payments: it belongs to no day. Destinations may make a time up. */
  undated: boolean
  fields: Readonly<Record<string, FieldValue>>
  refused: string | undefined
  counted: Counted | undefined
  amount: string
  currency: string
}

/** Which days are compared, by which of an order's times. */
export interface Period {
  basis: 'paid' | 'placed'
  from: string
  to: string
  /** The day of an instant in the shop's time zone. */
  dayOf: (epochMs: number) => string
}

const wonStages: ReadonlySet<string> = new Set(['paid', 'fulfilled', 'returned'])

/** Whether a day lies in the period. */
export const isWithin = ({ from, to }: Period, day: string): boolean => day >= from && day <= to

const utcDay = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, 10)

/** Puts an order of the source in the terms of the comparison. */
export const sourceOrder = (
  connection: Connection,
  { object, parts, stage }: ComparableObject,
  { order, unit, source, now }: { order: Order; unit: string; source: string; now: number },
  period: Period,
): SourceOrder => {
  const key = recordKey(unit)
  const view = orderView(order, { key, historical: false, deletedAt: null, source, signals: connection.contract.signals ?? {} })
  const { fields } = connection.mapping.map(object, view, now)
  // As the contract makes it: some destinations tell the state of an order, and not whether it was paid.
  const mappedStage = stage === undefined ? undefined : fields[stage.name]
  const won = stage === undefined || typeof mappedStage !== 'string' ? wonStages.has(orderStage(order)) : stage.won.has(mappedStage)
  const instant = period.basis === 'paid' ? (won ? order.paidAt : undefined) : order.placedAt
  const time = instant === undefined ? undefined : Date.parse(instant)
  const day = time === undefined ? undefined : period.dayOf(time)
  const { currency } = order.gross
  const mapped = parts.amount === undefined ? undefined : fields[parts.amount.name]
  const amount = typeof mapped === 'string' ? mapped : (view.amountDue ?? order.gross).amount
  const group = order.customerGroup
  return {
    unit,
    key,
    number: order.number ?? null,
    id: order.id,
    won,
    undated: period.basis === 'paid' && won && order.paidAt === undefined,
    fields,
    refused: connection.admission.takesSource(source) ? connection.admission.refusal('order', view, now) : 'outside_route',
    amount,
    currency,
    counted:
      time === undefined || day === undefined || !isWithin(period, day)
        ? undefined
        : {
            day,
            utcDay: utcDay(time),
            currency,
            store: order.store ?? null,
            customerGroup: group === undefined ? null : (group.name ?? group.key ?? group.id),
            amount,
            gross: order.gross.amount,
            net: order.net?.currency === currency ? order.net.amount : null,
            refunds: order.refunded.currency === currency ? order.refunded.amount : '0',
          },
  }
}
