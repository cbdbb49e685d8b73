import type { IdentityRules } from '../contract/contract.ts'
import type { Cart } from '../model/cart.ts'
import type { Customer } from '../model/customer.ts'
import type { Order } from '../model/order.ts'
import { emailHash, foldEmail } from './email.ts'

/** The key of an account: `customer:<source>:<id>`. */
export const accountKey = (source: string, customerId: string): string => `customer:${source}:${customerId}`

/** The key of an e-mail inside its scope: `email:<scope>:<hash>`. Undefined for what cannot be an e-mail. */
export const emailKey = (email: string | undefined, scope: string): string | undefined => {
  const folded = foldEmail(email)
  return folded === undefined ? undefined : `email:${scope}:${emailHash(folded)}`
}

const scopes = (rules: IdentityRules, stores: readonly (string | undefined)[]): string[] =>
  rules.emailScope === 'global' ? ['*'] : stores.length === 0 ? ['-'] : stores.map((store) => store ?? '-')

/** The e-mail keys that an account stands under. */
export const accountEmailKeys = (customer: Customer, rules: IdentityRules): string[] =>
  scopes(rules, customer.stores).flatMap((scope) => emailKey(customer.email, scope) ?? [])

/** The key that the buyer of an order or cart is known by: the account, else the e-mail when guests count. Undefined = nobody. */
export const buyerKey = (source: string, purchase: Order | Cart, rules: IdentityRules): string | undefined => {
  if (purchase.customerId !== undefined) return accountKey(source, purchase.customerId)
  if (rules.guests === 'ignore') return undefined
  return emailKey(purchase.email, rules.emailScope === 'global' ? '*' : (purchase.store ?? '-'))
}

/**
 * Our own key at a destination for an account or a guest: `<source>:<id>`, or `guest:<hash>` with the scope in between where e-mails are told apart by store:
 * the guests of two stores are two people there.
 */
export const publicKey = (key: string): string => {
  if (key.startsWith('customer:')) return key.slice('customer:'.length)
  const scope = key.slice(key.indexOf(':') + 1, key.lastIndexOf(':'))
  const hash = key.slice(key.lastIndexOf(':') + 1)
  return scope === '*' ? `guest:${hash}` : `guest:${scope}:${hash}`
}

/** The keys that a {@link publicKey} can stand for: a source may bear the name `guest`. */
export const keysOfPublic = (key: string): string[] => {
  const account = `customer:${key}`
  if (!key.startsWith('guest:')) return [account]
  const rest = key.slice('guest:'.length)
  return [rest.includes(':') ? `email:${rest}` : `email:*:${rest}`, account]
}
