import type { FakeCommercetools } from '@millrace/fake-vendors/commercetools'

/** What changes in the shop between two passes, and how many objects at the CRM that concerns. */
export const editShop = (shop: FakeCommercetools): string[] => {
  const customers = shop.project.all('customer').filter((customer) => !customer.id.startsWith('hostile'))
  for (const { id } of customers.slice(0, 10)) shop.project.update('customer', id, { lastName: 'Newname' })

  const orders = shop.project.all('order').filter((order) => !order.id.startsWith('hostile'))
  const open = orders.filter((order) => order['orderState'] === 'Open').slice(0, 3)
  for (const { id } of open) shop.project.update('order', id, { orderState: 'Cancelled' })

  const refunded = orders.find((order) => isPaidInFull(shop, order) && !open.includes(order))
  const payment = refunded === undefined ? undefined : paymentIds(refunded)[0]
  if (refunded !== undefined && payment !== undefined) {
    const total = refunded['totalPrice'] as { centAmount: number; currencyCode: string; fractionDigits: number }
    const amount = { ...total, type: 'centPrecision', centAmount: Math.floor(total.centAmount / 4) }
    shop.project.update('payment', payment, (row) => {
      const refund = { id: 'demo-refund', type: 'Refund', state: 'Success', amount, timestamp: new Date(shop.now()).toISOString() }
      row['transactions'] = [...((row['transactions'] ?? []) as unknown[]), refund]
    })
  }
  const [product] = shop.project.all('product').filter((row) => !row.id.startsWith('hostile'))
  if (product !== undefined) shop.project.update('product', product.id, {})
  return [
    '10 customers renamed',
    `${open.length} orders cancelled`,
    refunded === undefined ? 'no refund possible' : 'a quarter of one order refunded: only its payment changes, the order does not',
    'one product saved without a change',
  ]
}

const paymentIds = (order: Record<string, unknown>): string[] =>
  ((order['paymentInfo'] as { payments: { id: string }[] } | undefined)?.payments ?? []).map(({ id }) => id)

const isPaidInFull = (shop: FakeCommercetools, order: Record<string, unknown>): boolean => {
  const transactions = paymentIds(order).flatMap(
    (id) => (shop.project.get('payment', id)?.['transactions'] ?? []) as { type: string; state: string }[],
  )
  return (
    order['paymentState'] === 'Paid' &&
    transactions.length > 0 &&
    transactions.every(({ type, state }) => type === 'Charge' && state === 'Success')
  )
}
