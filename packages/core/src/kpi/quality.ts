import type { KpiReport, Share } from '../api/kpi-report.ts'
import type { Customer } from '../model/customer.ts'
import type { Order } from '../model/order.ts'
import { mean, shareOf } from './share.ts'

const filled = (value: string | undefined): boolean => value !== undefined && value.trim() !== ''

const ofPerson: Readonly<Record<string, (customer: Customer) => boolean>> = {
  'accounts with an e-mail': ({ email }) => filled(email),
  'accounts with a name': ({ firstName, lastName }) => filled(firstName) && filled(lastName),
  'accounts with a country': ({ addresses, billingAddress, shippingAddress }) =>
    [billingAddress, shippingAddress, ...addresses].some((address) => filled(address?.country)),
  'accounts with a known consent': ({ consents }) => consents.some(({ status }) => status !== 'unknown'),
}

const ofOrder: Readonly<Record<string, (order: Order) => boolean>> = {
  'orders with a buyer': ({ customerId, email }) => filled(customerId) || filled(email),
  'orders with a net amount': ({ net }) => net !== undefined,
  'orders whose lines all have a SKU': ({ lines }) => lines.every(({ kind, sku }) => kind !== 'product' || filled(sku)),
}

/** Counts how complete accounts and orders are. */
export const qualityOf = (): {
  addPerson(customer: Customer): void
  addOrder(order: Order): void
  result(settled: Share): KpiReport['dataQuality']
} => {
  const counts = new Map([...Object.keys(ofPerson), ...Object.keys(ofOrder)].map((name) => [name, 0]))
  let people = 0
  let orders = 0
  const count = <T>(checks: Readonly<Record<string, (record: T) => boolean>>, record: T): void => {
    for (const [name, holds] of Object.entries(checks)) if (holds(record)) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return {
    addPerson: (customer) => {
      people += 1
      count(ofPerson, customer)
    },
    addOrder: (order) => {
      orders += 1
      count(ofOrder, order)
    },
    result: (settled) => {
      const parts: Record<string, Share> = Object.fromEntries(
        [...counts].map(([name, found]) => [name, shareOf(found, Object.hasOwn(ofPerson, name) ? people : orders)]),
      )
      parts['deliveries that need nobody'] = settled
      return { score: mean(Object.values(parts).flatMap(({ percent }) => percent ?? [])), parts }
    },
  }
}
