import { isMillraceError } from '@millrace/core'
import type { Client } from './client.ts'
import { unconfirmed } from './errors.ts'
import { member, textOf } from './json.ts'
import { allRows } from './pages.ts'

/** Status of a contact on a list: 0 unconfirmed, 1 subscribed, 2 unsubscribed, 3 bounced. */
export type Status = '0' | '1' | '2' | '3'

/** A status and when it was last changed, epoch ms where the vendor says so. */
export interface ListStatus {
  list: string
  status: Status
  at: number | undefined
}

const statuses: ReadonlySet<string> = new Set(['0', '1', '2', '3'])
const isStatus = (value: string | undefined): value is Status => value !== undefined && statuses.has(value)

/** A row of `contactLists`; undefined when it is none. */
export const toListStatus = (row: unknown): ListStatus | undefined => {
  const [list, status] = [textOf(row, 'list'), textOf(row, 'status')]
  if (list === undefined || !isStatus(status)) return undefined
  const at = Date.parse(textOf(row, 'udate') ?? textOf(row, 'sdate') ?? '')
  return { list, status, at: Number.isNaN(at) ? undefined : at }
}

/** How a contact stands on its lists now; undefined when there is no such contact. */
export const readStatuses = async (client: Client, contact: string, signal: AbortSignal): Promise<Map<string, ListStatus> | undefined> => {
  const path = `contacts/${encodeURIComponent(contact)}/contactLists`
  try {
    const rows = await allRows(client, { path, name: 'contactLists', signal, urgent: true })
    return new Map(rows.flatMap((row) => toListStatus(row) ?? []).map((row) => [row.list, row]))
  } catch (error) {
    if (isMillraceError(error) && error.code === 'not_found') return undefined
    throw error
  }
}

/** What was written, or that the contact or list is gone. */
export type Written = 'written' | 'gone'

/**
 * Writes a status. 1 lifts an unsubscription without any complaint (vendor notes, "Decide first" 4), so it is the caller's to look first. `sourceid` 4 marks a
 * resubscription that the person asked for.
 */
export const writeStatus = async (
  client: Client,
  write: { contact: string; list: string; status: '1' | '2'; resubscribed?: boolean },
  signal: AbortSignal,
): Promise<Written> => {
  const call = 'status on a list'
  const { contact, list, status, resubscribed = false } = write
  const contactList = { contact: Number(contact), list: Number(list), status: Number(status), ...(resubscribed ? { sourceid: 4 } : {}) }
  const reply = await client.send({
    method: 'POST',
    path: 'contactLists',
    body: { contactList },
    call,
    signal,
    urgent: true,
    idempotent: true,
  })
  if (reply.status === 404) return 'gone'
  const row = member(reply.body, 'contactList')
  if (reply.status >= 200 && reply.status < 300 && textOf(row, 'list') === list && textOf(row, 'status') === status) return 'written'
  throw reply.status >= 200 && reply.status < 300 ? unconfirmed(call) : client.error(reply, call, 'record')
}
