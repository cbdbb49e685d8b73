import { foldEmail } from '@millrace/adapter-kit'
import type { Client } from './client.ts'
import { member, rowsOf, textOf } from './json.ts'
import { toListStatus, type ListStatus } from './list-status.ts'
import { readPage } from './pages.ts'

/** A value of a custom field and when it was last changed, epoch ms. */
export interface CustomValue {
  value: string
  at: number | undefined
}

/** A contact as the account holds it now. */
export interface ReadContact {
  id: string
  email: string
  row: Record<string, unknown>
  /** By id of the field. */
  values: ReadonlyMap<string, CustomValue>
  lists: readonly ListStatus[]
}

const valuesOf = (body: unknown): Map<string, CustomValue> =>
  new Map(
    rowsOf(body, 'fieldValues').flatMap((row) => {
      const field = textOf(row, 'field')
      const at = Date.parse(textOf(row, 'udate') ?? '')
      return field === undefined ? [] : [[field, { value: textOf(row, 'value') ?? '', at: Number.isNaN(at) ? undefined : at }] as const]
    }),
  )

/** Whether a row is what is left of a contact that was deleted or anonymised (vendor notes, "Erase"): nothing is to be written to it. */
export const isRemnant = (row: unknown): boolean => textOf(row, 'deleted') === '1' || textOf(row, 'anonymized') === '1'

/** A contact with its values and lists in one request; undefined when it is gone. */
export const readContact = async (client: Client, id: string, signal: AbortSignal): Promise<ReadContact | undefined> => {
  const call = 'contact'
  const reply = await client.send({ method: 'GET', path: `contacts/${encodeURIComponent(id)}`, call, signal })
  if (reply.status === 404) return undefined
  const row = member(reply.body, 'contact')
  if (isRemnant(row)) return undefined
  const [found, email] = [textOf(row, 'id'), textOf(row, 'email')]
  if (reply.status !== 200 || found === undefined || typeof row !== 'object' || row === null) throw client.error(reply, call)
  const lists = rowsOf(reply.body, 'contactLists').flatMap((one) => toListStatus(one) ?? [])
  return { id: found, email: email ?? '', row: { ...row }, values: valuesOf(reply.body), lists }
}

/** The contact of an address; undefined when there is none. */
export const findByEmail = async (
  client: Client,
  email: string,
  signal: AbortSignal,
): Promise<{ id: string; email: string } | undefined> => {
  const query = { email, limit: 100 }
  const { rows } = await readPage(client, { path: 'contacts', name: 'contacts', query, signal })
  // An unknown filter is ignored, so every row is compared.
  const folded = foldEmail(email)
  const row = rows.find((one) => !isRemnant(one) && foldEmail(textOf(one, 'email') ?? '') === folded)
  const id = textOf(row, 'id')
  return id === undefined ? undefined : { id, email: textOf(row, 'email') ?? email }
}
