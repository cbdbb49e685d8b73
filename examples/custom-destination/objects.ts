import { amount, path, type DefaultContract, type Destination } from '@millrace/adapter-kit'

/** What Lodestar knows by itself. A contract is checked against it when a config loads. */
export const objects: Destination['objects'] = {
  member: {
    from: 'person',
    keyField: 'key',
    adoptBy: ['email'],
    fields: { email: { type: 'email', required: true }, name: { type: 'string', maxLength: 100 } },
  },
  purchase: {
    from: 'order',
    keyField: 'key',
    fields: {
      number: { type: 'string' },
      currency: { type: 'string', required: true },
      total: { type: 'decimal', required: true },
      refunded: { type: 'decimal' },
      status: { type: 'string' },
      placed_at: { type: 'datetime' },
    },
    // Lodestar takes no purchase of nobody.
    parents: [{ object: 'member', required: true }],
    children: { line: { keyField: 'key', fields: { sku: { type: 'string' }, quantity: { type: 'integer' }, total: { type: 'decimal' } } } },
    totals: {
      currency: 'currency',
      amount: 'total',
      gross: 'total',
      refunded: 'refunded',
      placedAt: 'placed_at',
      stage: { field: 'status', won: ['paid', 'fulfilled', 'returned'] },
      number: 'number',
    },
  },
  moment: { from: 'event', keyField: 'id', fields: { order: { type: 'string' } }, parents: [{ object: 'member', required: true }] },
}

/** What it receives unless a contract says otherwise. */
export const defaultContract: DefaultContract = {
  removal: { person: 'keep-and-flag', order: 'keep-and-flag' },
  objects: {
    member: { fields: { email: { value: path('email') }, name: { value: path('fullName') } } },
    purchase: {
      fields: {
        number: { value: path('number') },
        currency: { value: path('currency') },
        total: { value: amount('gross') },
        refunded: { value: amount('refunded') },
        status: { value: path('stage') },
        placed_at: { value: path('placedAt') },
      },
      children: {
        line: { fields: { sku: { value: path('sku') }, quantity: { value: path('quantity') }, total: { value: amount('total') } } },
      },
    },
    moment: { fields: { order: { value: path('orderId') } } },
  },
  events: { 'order.placed': { name: 'purchased' }, 'account.created': { name: 'joined' } },
}
