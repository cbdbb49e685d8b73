import type { FieldValue, ListedObject } from '../spec/destination.ts'
import { decimalOf, normalValue, remoteTime } from './normal-value.ts'
import type { ComparableObject, ComparedPart } from './remote-fields.ts'
import { isWithin, type Counted, type Period } from './source-order.ts'

/** An order as the destination has it. `counted` is undefined when it is in no sum of the window. */
export interface RemoteOrder {
  remoteId: string
  key: string
  number: string | null
  id: string | null
  pipeline: string | null
  won: boolean
  fields: Readonly<Record<string, FieldValue>>
  /** Its money, wherever it counts. */
  values: Pick<Counted, 'currency' | 'amount' | 'gross' | 'net' | 'refunds'>
  counted: Counted | undefined
  amount: string
  currency: string
}

const text = (value: FieldValue | undefined): string | null => normalValue(value, 'string')

/** Puts an object of the destination in the terms of the comparison. */
export const remoteOrder = (listed: ListedObject, comparable: ComparableObject, period: Period): RemoteOrder => {
  const { fields } = listed
  const value = (part: ComparedPart): FieldValue | undefined => {
    const name = comparable.parts[part]?.name
    return name === undefined ? undefined : fields[name]
  }
  const own = (name: string | undefined): string | null => (name === undefined ? null : text(fields[name]))
  const stage = comparable.stage === undefined ? undefined : text(fields[comparable.stage.name])
  const won =
    comparable.stage === undefined || stage === undefined
      ? comparable.parts.paidAt === undefined || value('paidAt') != null
      : stage !== null && comparable.stage.won.has(stage)
  // A destination that keeps no time of payment has at least when it was placed; the source's day counts for orders of ours.
  const part = period.basis === 'paid' && comparable.parts.paidAt !== undefined ? 'paidAt' : 'placedAt'
  const isDate = comparable.parts[part]?.type === 'date'
  const time = period.basis === 'paid' && !won ? undefined : remoteTime(value(part))
  const day = time === undefined ? undefined : isDate ? String(value(part)).slice(0, 10) : period.dayOf(time)
  const currency = text(value('currency')) ?? '?'
  const amount = decimalOf(value('amount')) ?? '0'
  const kept = (name: ComparedPart): string | null =>
    comparable.parts[name] === undefined ? null : (decimalOf(value(name)) ?? (name === 'gross' ? amount : '0'))
  const values = { currency, amount, gross: kept('gross'), net: kept('net'), refunds: kept('refunded') }
  return {
    remoteId: listed.remoteId,
    key: listed.key,
    number: own(comparable.number),
    id: own(comparable.id),
    pipeline: own(comparable.pipeline),
    won,
    fields,
    amount,
    currency,
    values,
    counted:
      time === undefined || day === undefined || !isWithin(period, day)
        ? undefined
        : {
            day,
            utcDay: isDate ? day : new Date(time).toISOString().slice(0, 10),
            store: own(comparable.store),
            customerGroup: own(comparable.customerGroup),
            ...values,
          },
  }
}
