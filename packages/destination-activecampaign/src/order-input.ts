import { MillraceError, type ChildInput, type FieldValue, type Input } from '@millrace/core'
import { exact, isPlainDecimal } from './exact-json.ts'

/** What an order needs beyond its own fields. */
export interface OrderContext {
  connection: string
  /** Address of the buyer's contact as the account holds it now; undefined for orders of nobody. */
  buyerEmail: string | undefined
}

const decimals = new Set(['finalAmount', 'shippingAmount', 'taxAmount', 'discountsAmount', 'priceAmount'])
/** Fields of ours that are told in another way. */
const apart = new Set(['email', 'connection', 'acceptsMarketing', 'creationSource'])

const amountOf = (name: string, text: string): unknown => {
  if (isPlainDecimal(text)) return exact(text)
  throw new MillraceError({ code: 'value_invalid', field: name, message: `${name}: a plain decimal number is wanted here.` })
}

const valueOf = (name: string, value: FieldValue): unknown => {
  if (value === null) return null
  if (decimals.has(name)) return amountOf(name, String(value))
  return name === 'quantity' ? Number(value) : value
}

const members = (fields: Input['fields'], skip: ReadonlySet<string> = new Set()): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (skip.has(name) ? [] : [[name, valueOf(name, value)]])))

/** A line; its amount is that of the whole line, not of a piece. The vendor's documents call its connection required, though their examples lack it. */
const lineItem = ({ fields }: ChildInput, connection: string): Record<string, unknown> => ({
  legacyConnectionId: Number(connection),
  ...members(fields),
})

/** What a full read brings for the first time is history, whatever the contract says: nobody may be thanked for it now. */
const creationSource = ({ fields, cause, remoteId }: Input): FieldValue =>
  cause === 'backfill' && remoteId === undefined ? 'HISTORICAL' : (fields['creationSource'] ?? 'REAL_TIME')

/**
 * The address an order goes out with: the buyer's present one, since an order also makes or updates the contact of its address and an old one would make a
 * second contact. An order that is there keeps the address it has.
 */
const emailOf = (input: Input, buyerEmail: string | undefined): { email?: FieldValue } => {
  const isSettled = input.remoteId !== undefined && !input.uncertain && !input.parentsChanged && !input.changedFields.includes('email')
  const email = buyerEmail ?? input.fields['email']
  return isSettled || email === undefined ? {} : { email }
}

/** An order as the GraphQL API takes it. Throws MillraceError `value_invalid` for an amount that is no plain decimal. No names are sent: those of a delivery address would become the contact's. */
export const orderInput = (input: Input, { connection, buyerEmail }: OrderContext): Record<string, unknown> => {
  const accepts = input.fields['acceptsMarketing']
  const [buyer] = input.parents
  const customer = {
    ...(buyer === undefined || buyer.key === '' ? {} : { storeCustomerId: buyer.key }),
    ...(typeof accepts === 'boolean' ? { acceptsMarketing: accepts } : {}),
  }
  return {
    storeOrderId: input.key,
    legacyConnectionId: Number(connection),
    ...emailOf(input, buyerEmail),
    ...members(input.fields, apart),
    creationSource: creationSource(input),
    ...(Object.keys(customer).length === 0 ? {} : { customerData: customer }),
    lineItems: input.children.filter(({ fields }) => Number(fields['quantity']) >= 1).map((child) => lineItem(child, connection)),
  }
}

/** Whether the address of the buyer is needed for an order. */
export const needsBuyer = (input: Input): boolean => 'email' in emailOf(input, 'any')
