import { foldEmail } from '@millrace/adapter-kit'
import type { Account } from './account.ts'
import { isSuccess } from './client.ts'
import { isDuplicate, recordError, unconfirmed } from './errors.ts'
import { member, textOf } from './json.ts'
import { allRows } from './pages.ts'

const byEmail = async (
  account: Account,
  email: string,
  connection: string | undefined,
  signal: AbortSignal,
): Promise<Record<string, unknown>[]> => {
  const query = { 'filters[email]': email, ...(connection === undefined ? {} : { 'filters[connectionid]': connection }) }
  const rows = await allRows(account.client, { path: 'ecomCustomers', name: 'ecomCustomers', query, signal })
  return rows.filter(
    (row) =>
      foldEmail(textOf(row, 'email') ?? '') === foldEmail(email) &&
      (connection === undefined || textOf(row, 'connectionid') === connection),
  )
}

/** The row of a buyer in one connection; made when there is none. */
export const customerId = async (
  account: Account,
  buyer: { connection: string; key: string; email: string },
  signal: AbortSignal,
): Promise<string> => {
  const [row] = await byEmail(account, buyer.email, buyer.connection, signal)
  const found = textOf(row, 'id')
  if (found !== undefined) return found
  const call = 'creation of an e-commerce customer'
  const ecomCustomer = { connectionid: buyer.connection, externalid: buyer.key, email: buyer.email, acceptsMarketing: '0' }
  const reply = await account.client.send({ method: 'POST', path: 'ecomCustomers', body: { ecomCustomer }, call, signal })
  const id = textOf(member(reply.body, 'ecomCustomer'), 'id')
  if (isSuccess(reply) && id !== undefined) return id
  if (isSuccess(reply)) throw unconfirmed(call)
  if (isDuplicate(reply.body)) {
    const [other] = await byEmail(account, buyer.email, buyer.connection, signal)
    const theirs = textOf(other, 'id') ?? (await byKey(account, buyer, signal))
    if (theirs !== undefined) return theirs
  }
  if (reply.status === 422 || reply.status === 400) throw recordError(reply, call, [buyer.email, buyer.key])
  throw account.client.error(reply, call, 'record')
}

const byKey = async (
  account: Account,
  { connection, key }: { connection: string; key: string },
  signal: AbortSignal,
): Promise<string | undefined> => {
  const query = { 'filters[connectionid]': connection, 'filters[externalid]': key }
  const rows = await allRows(account.client, { path: 'ecomCustomers', name: 'ecomCustomers', query, signal })
  return textOf(
    rows.find((row) => textOf(row, 'externalid') === key && textOf(row, 'connectionid') === connection),
    'id',
  )
}

/** Sets the flag on every row of an address that says otherwise. It is for segments and no subscription (vendor notes, "Commerce"). */
export const setAcceptsMarketing = async (account: Account, email: string, accepts: boolean, signal: AbortSignal): Promise<void> => {
  const flag = accepts ? '1' : '0'
  for (const row of await byEmail(account, email, undefined, signal)) {
    const id = textOf(row, 'id')
    if (id === undefined || textOf(row, 'acceptsMarketing') === flag) continue
    const call = 'marketing flag of an e-commerce customer'
    const path = `ecomCustomers/${encodeURIComponent(id)}`
    const reply = await account.client.send({
      method: 'PUT',
      path,
      body: { ecomCustomer: { acceptsMarketing: flag } },
      call,
      signal,
      idempotent: true,
      urgent: true,
    })
    if (!isSuccess(reply) && reply.status !== 404) throw account.client.error(reply, call, 'record')
  }
}
