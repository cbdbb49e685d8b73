import { isJsonObject } from '../../http/index.ts'
import { foldEmail, pairKey, type Account } from '../account.ts'
import { cartKey, orderKey, type EcomOrder, type EcomProduct, type EcomState } from '../commerce/deep-data.ts'
import { currencyDigits, toMinorUnits } from './decimal.ts'
import type { GraphOrder } from './model.ts'

/** States Deep Data knows; it has none for what was cancelled, returned or refunded. */
const states: Readonly<Record<string, EcomState>> = { PENDING: '0', ABANDONED: '2', RECOVERED: '3', WAITING: '4', PENDING_PAYMENT: '4' }

function textOf(fields: Readonly<Record<string, unknown>>, ...names: readonly string[]): string {
  for (const name of names) {
    const value = fields[name]
    if (typeof value === 'string') return value
  }
  return ''
}

/** Copies an order to Deep Data, amounts as cents and unit prices. A cart of the same shop that the order names becomes the order. */
export function copyToDeepData(account: Account, order: GraphOrder, at: number): void {
  const { fields, storeOrderId } = order
  const connectionid = String(order.legacyConnectionId)
  const email = textOf(fields, 'email')
  const customer = account.ecomCustomers.byKey(pairKey(connectionid, foldEmail(email)))
  if (customer === undefined) return
  const currency = textOf(fields, 'currency') || 'USD'
  const digits = currencyDigits(currency)
  const amount = (...names: readonly string[]): number => toMinorUnits(textOf(fields, ...names) || '0', digits)
  const cartId = textOf(fields, 'cartId')
  const before =
    account.ecomOrders.byKey(orderKey(connectionid, storeOrderId)) ??
    (cartId === '' ? undefined : account.ecomOrders.byKey(cartKey(connectionid, cartId)))
  const source = fields['creationSource'] === 'HISTORICAL' ? '0' : '1'
  const lines = Array.isArray(fields['lineItems']) ? fields['lineItems'].filter(isJsonObject) : []
  const copied: Omit<EcomOrder, 'id'> = {
    connectionid,
    customerid: customer.id,
    externalid: storeOrderId,
    externalcheckoutid: before?.externalcheckoutid ?? (cartId === '' ? null : cartId),
    source,
    email,
    currency,
    totalPrice: amount('finalAmount'),
    shippingAmount: amount('shippingAmount'),
    taxAmount: amount('taxAmount'),
    discountAmount: amount('discountsAmount', 'discountAmount'),
    orderNumber: textOf(fields, 'orderNumber'),
    orderUrl: textOf(fields, 'orderUrl'),
    shippingMethod: textOf(fields, 'shippingMethod'),
    externalCreatedDate: textOf(fields, 'storeCreatedDate'),
    externalUpdatedDate: textOf(fields, 'storeModifiedDate') || null,
    abandonedDate: before?.abandonedDate ?? null,
    state: stateAfter(textOf(fields, 'normalizedStatus'), before),
    orderProducts: lines.map((line) => product(line, digits)),
    orderDiscounts: [],
    createdAt: before?.createdAt ?? at,
    updatedAt: at,
  }
  const row = before === undefined ? account.ecomOrders.insert(copied) : account.ecomOrders.replace({ ...copied, id: before.id })
  if (before?.externalid == null && source === '1') account.triggers.push({ at, kind: 'deep-data-order', id: row.id })
}

function stateAfter(status: string, before: EcomOrder | undefined): EcomState {
  const state = states[status] ?? '1'
  return state === '1' && (before?.state === '2' || before?.state === '3') ? '3' : state
}

function product(line: Record<string, unknown>, digits: number): EcomProduct {
  const quantity = typeof line['quantity'] === 'number' ? line['quantity'] : 1
  return {
    externalid: textOf(line, 'storePrimaryId', 'storeBaseProductId', 'productId', 'variantId'),
    name: textOf(line, 'name', 'productName', 'variantName'),
    price: Math.round(toMinorUnits(textOf(line, 'priceAmount') || '0', digits) / quantity),
    quantity,
    category: textOf(line, 'category'),
    sku: textOf(line, 'sku'),
    description: textOf(line, 'description'),
    imageUrl: textOf(line, 'imageUrl'),
    productUrl: textOf(line, 'productUrl'),
  }
}
