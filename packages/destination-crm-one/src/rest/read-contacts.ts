import { mapConcurrent } from '@millrace/adapter-kit'
import type { DestinationContext, FieldValue, Found, ListedObject, ReadObject } from '@millrace/core'
import { objectOf, type Api } from '../api.ts'
import { decodeField } from '../encode.ts'
import { readById, readByKey, type Contact } from './contact.ts'
import { listContacts } from './list-contacts.ts'

const readers = 6

const fieldsOf = (api: Api, { body }: Contact, fields: readonly string[]): Record<string, FieldValue> => {
  const spec = objectOf(api, 'contact')
  return Object.fromEntries(fields.map((name) => [name, decodeField(spec, name, body)]))
}

/** Every contact that carries a key of ours; with `foreign` the others too. The contract of CRM One lets only contacts be read. */
export async function* listOwn(
  api: Api,
  { object, fields, foreign = false }: { object: string; fields: readonly string[]; foreign?: boolean },
  ctx: DestinationContext,
): AsyncGenerator<ListedObject[]> {
  if (object !== 'contact') return
  for await (const page of listContacts(api, undefined, ctx)) {
    yield page.flatMap((contact): ListedObject[] => {
      const keys = contact.keys.length === 0 && foreign ? [''] : contact.keys
      return keys.map((key) => ({ object, key, remoteId: contact.id, fields: fieldsOf(api, contact, fields) }))
    })
  }
}

/** Contacts by the CRM's ids, along merges. Ids that are gone are left out. The CRM tells no times of single fields. */
export const readObjects = async (
  api: Api,
  { object, remoteIds, fields }: { object: string; remoteIds: readonly string[]; fields: readonly string[] },
  ctx: DestinationContext,
): Promise<ReadObject[]> => {
  if (object !== 'contact') return []
  const found: ReadObject[] = []
  const reads = mapConcurrent(new Set(remoteIds), readers, async function* (remoteId) {
    const one = await readById(api, remoteId, ctx)
    if ('contact' in one) yield { object, key: one.contact.keys[0] ?? '', remoteId, fields: fieldsOf(api, one.contact, fields) }
  })
  for await (const one of reads) found.push(one)
  return found
}

/**
 * Contacts by our own key. By e-mail the contract of CRM One has no search: there the CRM itself refuses the write and names the contact in the way, which is
 * then taken over.
 */
export const findContacts = async (
  api: Api,
  { object, by, values }: { object: string; by: string; values: readonly string[] },
  ctx: DestinationContext,
): Promise<Found[]> => {
  const spec = objectOf(api, object)
  if (object !== 'contact' || by !== spec.keyField) return []
  const names = Object.keys(ctx.contract.objects[object]?.fields ?? {})
  const found: Found[] = []
  const reads = mapConcurrent(new Set(values), readers, async function* (key) {
    const one = await readByKey(api, key, ctx)
    if ('contact' in one) yield { remoteId: one.contact.id, key, value: key, fields: fieldsOf(api, one.contact, names) }
  })
  for await (const one of reads) found.push(one)
  return found
}
