import type { DestinationContext, FieldSpec } from '@millrace/core'
import type { Account } from './account.ts'
import { toFieldSpec } from './field.ts'
import { objects } from './objects.ts'

/** The live schema in the words of the contract: the members that every object has, and the custom fields of contacts by their titles. */
export const describeAccount = async (account: Account, ctx: DestinationContext): Promise<Record<string, Record<string, FieldSpec>>> => {
  account.schema.forget()
  const schema = await account.schema.get(ctx.signal)
  const custom = Object.fromEntries([...new Set(schema.values())].map((field) => [field.title, toFieldSpec(field)]))
  return Object.fromEntries(
    Object.entries(objects).map(([name, { fields }]) => [name, name === 'contact' ? { ...fields, ...custom } : { ...fields }]),
  )
}
