import { foldEmail } from '../identity/email.ts'
import type { Cart } from '../model/cart.ts'
import type { Customer } from '../model/customer.ts'
import type { Order } from '../model/order.ts'

/** Who is who, as far as KPIs need it: accounts of a source, and guests by the account with their e-mail or the e-mail itself. */
export interface ShopPeople {
  add(source: string, customer: Customer): void
  /** The person who ordered or filled a cart; undefined for nobody. */
  of(source: string, record: Pick<Order | Cart, 'customerId' | 'email'>): string | undefined
  createdAt(person: string): number | undefined
  group(person: string | undefined): string | null
}

const nameOf = ({ groups: [main] }: Customer): string | null => (main === undefined ? null : (main.name ?? main.key ?? main.id))

/** Starts without anybody. */
export const shopPeople = (): ShopPeople => {
  const accounts = new Map<string, { createdAt: number; group: string | null }>()
  const byEmail = new Map<string, string>()
  return {
    add: (source, customer) => {
      const person = `${source}:${customer.id}`
      accounts.set(person, { createdAt: Date.parse(customer.createdAt), group: nameOf(customer) })
      const email = foldEmail(customer.email)
      if (email !== undefined && !byEmail.has(email)) byEmail.set(email, person)
    },
    of: (source, { customerId, email }) => {
      if (customerId !== undefined) return `${source}:${customerId}`
      const folded = foldEmail(email)
      return folded === undefined ? undefined : (byEmail.get(folded) ?? folded)
    },
    createdAt: (person) => accounts.get(person)?.createdAt,
    group: (person) => (person === undefined ? null : (accounts.get(person)?.group ?? null)),
  }
}
