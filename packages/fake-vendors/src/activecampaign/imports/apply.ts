import { foldEmail, pairKey, type Account } from '../account.ts'
import { isValue } from '../contacts/values.ts'
import { addTag, ensureTag, setFieldValue, setListStatus, upsertContact } from '../contacts/write.ts'
import type { ImportBatch, ImportRow } from './model.ts'

/** Applies an import: what cannot be taken in fails without a reason, and who unsubscribed stays unsubscribed. */
export function applyImport(account: Account, batch: ImportBatch, at: number): void {
  for (const row of batch.rows) {
    const contact = applyRow(account, row, at)
    if (contact === undefined) batch.failure.push(row.email)
    else batch.success.push(contact)
  }
  batch.status = 'completed'
}

function applyRow(account: Account, row: ImportRow, at: number): string | undefined {
  const folded = foldEmail(row.email)
  if (account.exclusions.has(folded) || account.bounced.has(folded)) return undefined
  const isBad = row.fields.some(({ id, value }) => {
    const field = account.fields.get(id)
    return field === undefined || !isValue(field, value)
  })
  if (isBad) return undefined
  const { contact } = upsertContact(account, {
    email: row.email,
    ...(row.firstName !== undefined && { firstName: row.firstName }),
    ...(row.lastName !== undefined && { lastName: row.lastName }),
    ...(row.phone !== undefined && { phone: row.phone }),
  })
  for (const { id, value } of row.fields) setFieldValue(account, contact.id, id, value)
  for (const tag of row.tags) addTag(account, contact.id, ensureTag(account, tag))
  for (const list of row.subscribe) {
    const status = account.contactLists.byKey(pairKey(contact.id, list))?.status
    if (status === undefined || status === '0') setListStatus(account, { contact: contact.id, list, status: '1' })
  }
  for (const list of row.unsubscribe) setListStatus(account, { contact: contact.id, list, status: '2' })
  if (!row.excludeAutomations) account.triggers.push({ at, kind: 'import', id: contact.id })
  return contact.id
}
