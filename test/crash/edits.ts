import type { FakeCommercetools } from '@millrace/fake-vendors/commercetools'
import type { Dice } from '../support/dice.ts'

/** Edits a shop as people and machines do in the middle of a pass: names, states, a refund by payment alone, a line less, a new order. `number` makes each different. */
export const editShop = ({ project, now }: FakeCommercetools, dice: Dice, number: number): void => {
  const customers = project.all('customer')
  const orders = project.all('order')
  for (let index = 0; index < 10; index += 1) project.update('customer', dice.pick(customers).id, { lastName: `Name ${number}-${index}` })
  for (let index = 0; index < 5; index += 1)
    project.update('order', dice.pick(orders).id, { orderState: dice.pick(['Open', 'Confirmed', 'Complete', 'Cancelled']) })
  const payment = dice.pick(project.all('payment'))
  const { amountPlanned } = payment as unknown as { amountPlanned: { centAmount: number } }
  project.update('payment', payment.id, (row) => {
    const refund = {
      id: `refund-${number}`,
      type: 'Refund',
      state: 'Success',
      timestamp: new Date(now()).toISOString(),
      amount: { ...amountPlanned, centAmount: 1 },
    }
    row['transactions'] = [...((row['transactions'] ?? []) as unknown[]), refund]
  })
  const shortened = dice.pick(orders.filter((order) => (order['lineItems'] as unknown[]).length > 1))
  project.update('order', shortened.id, (order) => {
    order['lineItems'] = (order['lineItems'] as unknown[]).slice(0, -1)
  })
  const {
    createdAt: _createdAt,
    lastModifiedAt: _lastModifiedAt,
    version: _version,
    ...again
  } = dice.pick(orders.filter((order) => order['paymentInfo'] === undefined))
  project.add('order', { ...again, id: `order-${number}`, orderNumber: `again-${number}` })
}
