import { amount, coalesce, mapValues, path, type ObjectContract } from '@millrace/core'

/** What a cart becomes. A cart that went up in another one is as complete as an ordered one: nobody should be reminded of it. */
export const cartContract: ObjectContract = {
  fields: {
    cartId: { value: path('id') },
    cartUrl: { value: path('recoveryUrl') },
    createdDate: { value: path('createdAt') },
    modifiedDate: { value: path('modifiedAt') },
    currency: { value: path('currency') },
    subTotal: { value: coalesce(amount('net'), amount('gross')) },
    taxAmount: { value: amount('tax') },
    shipping: { value: amount('shipping') },
    discountAmount: { value: amount('discount') },
    grandTotal: { value: amount('gross') },
    cartPhase: {
      value: mapValues(path('state'), {
        active: 'ORDER_PENDING',
        frozen: 'ORDER_PENDING',
        ordered: 'ORDER_COMPLETE',
        merged: 'ORDER_COMPLETE',
      }),
    },
  },
  children: {
    lineItem: {
      fields: {
        sku: { value: path('sku') },
        name: { value: coalesce(path('nameText'), path('sku'), path('id')) },
        imageUrl: { value: path('imageUrl') },
        unitPrice: { value: coalesce(amount('listPrice'), amount('price')) },
        salePrice: { value: amount('price') },
        quantity: { value: path('quantity') },
        totalPrice: { value: amount('total') },
      },
    },
  },
}
