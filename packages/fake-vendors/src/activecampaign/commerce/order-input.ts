import { isJsonObject } from '../../http/index.ts'
import type { Account } from '../account.ts'
import { invalid, relatedMissing } from '../errors.ts'
import { requiredText, text } from '../route.ts'
import type { EcomDiscount, EcomOrder, EcomProduct, EcomState } from './deep-data.ts'

/** An amount: an integer of at least 0, in cents. */
function cents(body: Record<string, unknown>, name: string, fallback?: number): number {
  if (fallback !== undefined && (body[name] === undefined || body[name] === null)) return fallback
  const value = requiredText(body, name)
  return /^\d+$/.test(value) ? Number(value) : invalid('ecom-amount-cents', `${name} must be a number of cents.`, 'field_invalid', name)
}

/** Text that keeps its value when left out and is emptied by null. */
function nullable(body: Record<string, unknown>, name: string, before: string | null | undefined): string | null {
  const value = body[name] === undefined ? (before ?? null) : (text(body, name) ?? null)
  return value === '' ? null : value
}

function listOf(body: Record<string, unknown>, name: 'orderProducts' | 'orderDiscounts'): Record<string, unknown>[] {
  const value = body[name]
  if (Array.isArray(value) && value.every(isJsonObject)) return value
  return invalid(
    name === 'orderDiscounts' ? 'ecom-discounts-array' : 'ecom-order-required',
    `${name} must be a list.`,
    'field_invalid',
    name,
  )
}

function product(item: Record<string, unknown>): EcomProduct {
  const quantity = cents(item, 'quantity')
  if (quantity < 1) invalid('ecom-order-required', 'quantity must be at least 1.', 'field_invalid', 'quantity')
  return {
    externalid: requiredText(item, 'externalid'),
    name: requiredText(item, 'name'),
    price: cents(item, 'price'),
    quantity,
    category: text(item, 'category') ?? '',
    sku: text(item, 'sku') ?? '',
    description: text(item, 'description') ?? '',
    imageUrl: text(item, 'imageUrl') ?? '',
    productUrl: text(item, 'productUrl') ?? '',
  }
}

function discount(item: Record<string, unknown>): EcomDiscount {
  const type = requiredText(item, 'type')
  if (type !== 'order' && type !== 'shipping') invalid('ecom-discounts-array', 'The discount type is invalid.', 'field_invalid', 'type')
  return { name: text(item, 'name') ?? '', type, discountAmount: cents(item, 'discountAmount') }
}

/** The abandoned date under the spelling that counts. */
function abandonedDate({ settings }: Account, body: Record<string, unknown>, before: string | null | undefined): string | null {
  const { abandonedDateKey } = settings
  const first = abandonedDateKey === 'abandoned_date' ? undefined : text(body, 'abandonedDate')
  const second = abandonedDateKey === 'abandonedDate' ? undefined : text(body, 'abandoned_date')
  return first ?? second ?? before ?? null
}

function date(value: string, name: string): string {
  return Number.isNaN(Date.parse(value)) ? invalid('ecom-order-required', `${name} is no date.`, 'field_invalid', name) : value
}

/** State of an order by what it is now and was before. A cart that is bought after it was abandoned counts as recovered. */
export function stateOf(
  now: number,
  order: Pick<EcomOrder, 'externalid' | 'abandonedDate'>,
  before: Pick<EcomOrder, 'state'> | undefined,
): EcomState {
  if (order.externalid !== null) return before?.state === '2' || before?.state === '3' ? '3' : '1'
  return order.abandonedDate !== null && Date.parse(order.abandonedDate) <= now ? '2' : '0'
}

/** Reads an order or cart; members left out of a change keep their values, its products are replaced as a whole. */
export function parseOrder(account: Account, body: Record<string, unknown>, before: EcomOrder | undefined): Omit<EcomOrder, 'id'> {
  const at = account.settings.now()
  const externalid = nullable(body, 'externalid', before?.externalid)
  const externalcheckoutid = nullable(body, 'externalcheckoutid', before?.externalcheckoutid)
  const both =
    body['externalid'] !== undefined && body['externalcheckoutid'] !== undefined && externalid !== null && externalcheckoutid !== null
  if ((externalid === null && externalcheckoutid === null) || (both && before === undefined)) {
    invalid('ecom-order-identity', 'Either externalid or externalcheckoutid must be given.', 'field_missing', 'externalid')
  }
  const merged = (name: string, old: string | undefined): string => text(body, name) ?? old ?? requiredText(body, name)
  const connectionid = before?.connectionid ?? requiredText(body, 'connectionid')
  if (account.connections.get(connectionid) === undefined) relatedMissing('connectionid')
  const customerid = merged('customerid', before?.customerid)
  if (account.ecomCustomers.get(customerid)?.connectionid !== connectionid) relatedMissing('customerid')
  const source = merged('source', before?.source)
  if (source !== '0' && source !== '1') return invalid('ecom-order-required', 'The source is invalid.', 'field_invalid', 'source')
  const currency = merged('currency', before?.currency)
  if (!/^[A-Za-z]{3}$/.test(currency)) invalid('ecom-order-required', 'The currency is invalid.', 'field_invalid', 'currency')
  const abandoned = abandonedDate(account, body, before?.abandonedDate)
  if (externalid === null && abandoned === null) {
    invalid('ecom-abandoned-date', 'A cart needs the date it was abandoned.', 'field_missing', 'abandonedDate')
  }
  const order = {
    connectionid,
    customerid,
    externalid,
    externalcheckoutid,
    source,
    email: merged('email', before?.email),
    currency: currency.toUpperCase(),
    totalPrice: cents(body, 'totalPrice', before?.totalPrice),
    shippingAmount: cents(body, 'shippingAmount', before?.shippingAmount ?? 0),
    taxAmount: cents(body, 'taxAmount', before?.taxAmount ?? 0),
    discountAmount: cents(body, 'discountAmount', before?.discountAmount ?? 0),
    orderNumber: text(body, 'orderNumber') ?? before?.orderNumber ?? '',
    orderUrl: text(body, 'orderUrl') ?? before?.orderUrl ?? '',
    shippingMethod: text(body, 'shippingMethod') ?? before?.shippingMethod ?? '',
    externalCreatedDate: date(merged('externalCreatedDate', before?.externalCreatedDate), 'externalCreatedDate'),
    externalUpdatedDate: text(body, 'externalUpdatedDate') ?? before?.externalUpdatedDate ?? null,
    abandonedDate: abandoned === null ? null : date(abandoned, 'abandonedDate'),
    orderProducts:
      body['orderProducts'] === undefined && before !== undefined ? before.orderProducts : listOf(body, 'orderProducts').map(product),
    orderDiscounts: body['orderDiscounts'] === undefined ? (before?.orderDiscounts ?? []) : listOf(body, 'orderDiscounts').map(discount),
    createdAt: before?.createdAt ?? at,
    updatedAt: at,
  } as const
  return { ...order, state: stateOf(at, order, before) }
}
