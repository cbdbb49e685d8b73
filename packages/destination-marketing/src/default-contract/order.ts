import { amount, coalesce, join, mapValues, path, template, type FieldRule, type ObjectContract } from '@millrace/core'

const address = (which: 'delivery' | 'billing'): Record<string, FieldRule> => {
  const from = which === 'delivery' ? 'shippingAddress' : 'billingAddress'
  return {
    [`${which}_address_1`]: { value: template(`{${from}.streetName} {${from}.streetNumber}`) },
    [`${which}_address_2`]: { value: path(`${from}.additional`) },
    [`${which}_city`]: { value: path(`${from}.city`) },
    [`${which}_region`]: { value: coalesce(path(`${from}.region`), path(`${from}.state`)) },
    [`${which}_postcode`]: { value: path(`${from}.postalCode`) },
    [`${which}_country`]: { value: path(`${from}.country`) },
  }
}

/** What an order becomes. The total is without what was refunded, as the vendor's own connectors keep it. */
export const orderContract: ObjectContract = {
  fields: {
    id: { value: path('name') },
    email: { value: path('email') },
    storeName: { value: path('store') },
    purchaseDate: { value: path('placedAt') },
    ...address('delivery'),
    ...address('billing'),
    orderSubtotal: { value: coalesce(amount('subtotal'), amount('gross')) },
    discountAmount: { value: amount('discount') },
    orderTotal: { value: coalesce(amount('amountDue'), amount('gross')) },
    taxAmount: { value: amount('tax') },
    refundedAmount: { value: amount('refunded') },
    payment: { value: join('paymentMethods', ', ') },
    deliveryMethod: { value: join('shippingMethods', ', ') },
    deliveryTotal: { value: amount('shipping') },
    currency: { value: path('currency') },
    couponCode: { value: join('couponCodes', ', ') },
    orderStatus: {
      value: mapValues(
        path('orderState'),
        { open: 'Pending', confirmed: 'Paid', complete: 'Completed', cancelled: 'Cancelled' },
        'Pending',
      ),
    },
  },
  children: {
    product: {
      fields: {
        product_id: { value: coalesce(path('productKey'), path('productId'), path('sku'), path('id')) },
        name: { value: coalesce(path('nameText'), path('sku'), path('id')) },
        sku: { value: coalesce(path('sku'), path('productKey'), path('productId'), path('id')) },
        price: { value: amount('price') },
        qty: { value: path('quantity') },
        total: { value: amount('total') },
      },
    },
  },
}
