import type { ChildInput, FieldValue, Input } from '@millrace/core'
import { minorUnits } from './minor-units.ts'
import type { Settings } from './settings.ts'

/** What a cart needs beyond its own fields. */
export interface CartContext {
  connection: string
  customer: string
  email: string
}

const amounts = ['totalPrice', 'shippingAmount', 'taxAmount', 'discountAmount'] as const
const texts = ['orderUrl', 'externalCreatedDate', 'externalUpdatedDate'] as const

const amountOf = (value: FieldValue | undefined, currency: string): number | undefined =>
  value === undefined || value === null ? undefined : minorUnits(String(value), currency)

const textsOf = (fields: Input['fields'], names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (typeof fields[name] === 'string' ? [[name, fields[name]] as const] : [])))

const productNames = ['externalid', 'name', 'sku', 'category', 'description', 'imageUrl', 'productUrl'] as const

/** A product of a cart: the price of one piece in the smallest unit of the currency. */
const product = ({ fields }: ChildInput, currency: string): Record<string, string | number> => ({
  ...textsOf(fields, productNames),
  price: amountOf(fields['price'], currency) ?? 0,
  quantity: Number(fields['quantity']),
})

/** When a cart counts as abandoned: epoch ms of its last change, and how long it must rest. */
export const abandonedAt = (input: Input): number =>
  Date.parse(String(input.fields['abandonedDate'] ?? input.fields['externalCreatedDate'] ?? ''))

/** An abandoned cart as the REST API takes it: no external id, a checkout id, a date in the past, and `source` 1, without which no automation starts. */
export const cartInput = (
  input: Input,
  { connection, customer, email }: CartContext,
  { abandonedDateKey }: Settings,
): Record<string, unknown> => {
  const { fields, children, key } = input
  const currency = String(fields['currency'])
  const cents = amounts.flatMap((name) => {
    const amount = amountOf(fields[name], currency)
    return amount === undefined ? [] : [[name, amount] as const]
  })
  return {
    externalcheckoutid: key,
    source: '1',
    email,
    connectionid: connection,
    customerid: customer,
    currency,
    ...textsOf(fields, texts),
    [abandonedDateKey]: new Date(abandonedAt(input)).toISOString(),
    ...Object.fromEntries(cents),
    orderProducts: children.filter((child) => Number(child.fields['quantity']) >= 1).map((child) => product(child, currency)),
  }
}
