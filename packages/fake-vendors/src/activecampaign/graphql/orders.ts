import { pairKey, type Account } from '../account.ts'
import { copyToDeepData } from './copy.ts'
import type { GraphOrder } from './model.ts'
import { patch } from './patch.ts'
import { writePeople } from './people.ts'
import { checkOrders, type Input } from './validate.ts'

function keyOf(input: Input): string {
  return pairKey(String(input['legacyConnectionId']), String(input['storeOrderId']))
}

/**
 * Writes orders, all or none. Contact and customer are there at once, the order itself after the order lag, its copy in Deep Data later still.
 * Returns the orders as they will be.
 */
export function writeOrders(account: Account, inputs: readonly Input[]): GraphOrder[] {
  checkOrders(account, inputs)
  const at = account.settings.now()
  const written = new Map<string, GraphOrder>()
  const orders = inputs.map((input) => {
    const key = keyOf(input)
    const id = account.orderIds.get(key) ?? account.uuid()
    account.orderIds.set(key, id)
    writePeople(account, input)
    const order = merged(written.get(key) ?? account.orders.get(key), id, input, at)
    written.set(key, order)
    return order
  })
  account.jobs.at(at + account.settings.orderLagMs, (due) => commit(account, inputs, due))
  return orders
}

function merged(before: GraphOrder | undefined, id: string, input: Input, at: number): GraphOrder {
  return {
    id,
    legacyConnectionId: Number(input['legacyConnectionId']),
    storeOrderId: String(input['storeOrderId']),
    fields: patch(before?.fields ?? {}, input),
    createdAt: before?.createdAt ?? at,
    updatedAt: at,
  }
}

function commit(account: Account, inputs: readonly Input[], at: number): void {
  const keys = new Set<string>()
  for (const input of inputs) {
    const key = keyOf(input)
    keys.add(key)
    const before = account.orders.get(key)
    const order = merged(before, account.orderIds.get(key) ?? account.uuid(), input, at)
    account.orders.set(key, order)
    if (order.fields['creationSource'] === 'HISTORICAL') continue
    account.triggers.push({ at, kind: before === undefined ? 'order-created' : 'order-updated', id: order.id })
  }
  account.jobs.at(at + account.settings.deepDataLagMs, (due) => {
    for (const key of keys) {
      const current = account.orders.get(key)
      if (current !== undefined) copyToDeepData(account, current, due)
    }
  })
}
