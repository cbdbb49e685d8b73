import { pairKey, type Account } from '../account.ts'
import { graphQLError } from './errors.ts'
import type { GraphOrder } from './model.ts'
import { writeOrders } from './orders.ts'
import { writeProducts } from './products.ts'
import { orderMembers, productMembers } from './schema.ts'
import { searchOrders } from './search.ts'
import { coerce, type Shape } from './shapes.ts'
import type { Input } from './validate.ts'

/** What an operation gets. */
interface Call {
  readonly account: Account
  readonly args: Readonly<Record<string, unknown>>
  countInputs(count: number): void
}

/** One operation of the API. */
export interface Resolver {
  readonly type: 'query' | 'mutation'
  readonly args: readonly string[]
  /** Members that can be selected. */
  readonly result: Readonly<Record<string, Shape>>
  readonly resolve: (call: Call) => Input | readonly Input[] | null
}

const orderResult: Readonly<Record<string, Shape>> = { ...orderMembers, id: 'text', createdDate: 'text', updatedDate: 'text' }

function orderView({ id, fields, createdAt, updatedAt }: GraphOrder): Input {
  return { ...fields, id, createdDate: new Date(createdAt).toISOString(), updatedDate: new Date(updatedAt).toISOString() }
}

/** The inputs of a bulk operation, checked for their type. */
function inputsOf({ args, countInputs }: Call, name: string, members: Readonly<Record<string, Shape>>): Input[] {
  const coerced = coerce({ list: { members } }, args[name], name)
  const inputs = Array.isArray(coerced) ? coerced.filter((input): input is Input => input !== null) : []
  countInputs(inputs.length)
  return inputs.length === 0 ? graphQLError('graphql-input-type', `Missing field argument ${name}`) : inputs
}

/** Operations by name. Selections are checked against `result` before anything is written. */
export const resolvers: Readonly<Record<string, Resolver>> = {
  upsertOrder: {
    type: 'mutation',
    args: ['order'],
    result: orderResult,
    resolve(call) {
      const [order] = writeOrders(call.account, inputsOf(call, 'order', orderMembers))
      return order === undefined ? null : orderView(order)
    },
  },
  bulkUpsertOrders: {
    type: 'mutation',
    args: ['orders'],
    result: orderResult,
    resolve: (call) => writeOrders(call.account, inputsOf(call, 'orders', orderMembers)).map(orderView),
  },
  bulkUpsertOrdersAsync: {
    type: 'mutation',
    args: ['orders'],
    result: { recordId: 'text' },
    resolve: (call) => writeOrders(call.account, inputsOf(call, 'orders', orderMembers)).map(({ id }) => ({ recordId: id })),
  },
  bulkUpsertProducts: {
    type: 'mutation',
    args: ['products'],
    result: { ...productMembers, id: 'text' },
    resolve: (call) => writeProducts(call.account, inputsOf(call, 'products', productMembers)).map(({ id, fields }) => ({ ...fields, id })),
  },
  getOrder: {
    type: 'query',
    args: ['id', 'legacyConnectionId', 'storeOrderId'],
    result: orderResult,
    resolve({ account, args }) {
      const byKey = account.orders.get(pairKey(String(args['legacyConnectionId']), String(args['storeOrderId'])))
      const order = args['id'] === undefined ? byKey : [...account.orders.values()].find(({ id }) => id === args['id'])
      return order === undefined ? null : orderView(order)
    },
  },
  searchOrder: {
    type: 'query',
    args: ['filter', 'pagination'],
    result: orderResult,
    resolve: ({ account, args }) => searchOrders(account, args['filter'], args['pagination']).map(orderView),
  },
}
