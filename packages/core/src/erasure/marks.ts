import { createHmac } from 'node:crypto'
import type { Engine } from '../engine/engine.ts'
import { foldEmail } from '../identity/email.ts'
import { accountKey } from '../identity/person-keys.ts'
import type { CommerceRecord } from '../model/record.ts'

/** Recognises people who were erased. `undefined` = nobody was. */
export interface Erased {
  /** When an account was erased, epoch ms. */
  account(source: string, customerId: string | undefined): number | undefined
  /** When the person with an e-mail was erased. */
  email(email: string | undefined): number | undefined
}

/** The mark of an account. */
export const accountMark = (key: string, source: string, customerId: string): string => markOf(key, accountKey(source, customerId))

/** The mark of an e-mail, whatever its case; undefined for what cannot be an e-mail. */
export const emailMark = (key: string, email: string | undefined): string | undefined => {
  const folded = foldEmail(email)
  return folded === undefined ? undefined : markOf(key, `email:${folded}`)
}

const markOf = (key: string, text: string): string => createHmac('sha256', key).update(text).digest('hex')

/** Loads whoever was erased. */
export const loadErased = async (engine: Engine): Promise<Erased | undefined> => {
  const tombstones = await engine.store.tombstones()
  if (tombstones.length === 0) return undefined
  const key = await engine.store.erasureKey()
  const times = new Map(tombstones.map(({ mark, erasedAt }) => [mark, erasedAt]))
  return {
    account: (source, customerId) => (customerId === undefined ? undefined : times.get(accountMark(key, source, customerId))),
    email: (email) => times.get(emailMark(key, email) ?? ''),
  }
}

/**
 * Whether a record is of somebody who was erased. An account that was erased stays erased; an e-mail is that of a new person when the account was created, or the
 * order placed, after the erasure.
 */
export const isErased = (erased: Erased, source: string, record: CommerceRecord): boolean => {
  const before = (at: string, time: number | undefined): boolean => time !== undefined && Date.parse(at) <= time
  switch (record.entity) {
    case 'customer':
      return erased.account(source, record.id) !== undefined || before(record.createdAt, erased.email(record.email))
    case 'order':
      return erased.account(source, record.customerId) !== undefined || before(record.placedAt, erased.email(record.email))
    case 'cart':
      return erased.account(source, record.customerId) !== undefined || before(record.createdAt, erased.email(record.email))
    case 'shopping-list':
      return erased.account(source, record.customerId) !== undefined
    default:
      return false
  }
}
