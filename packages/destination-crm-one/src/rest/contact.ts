import type { DestinationContext, Input } from '@millrace/core'
import { operationOf, refusal, type Api } from '../api.ts'
import { classOf } from '../dialect/classify.ts'
import type { Operation } from '../dialect/dialect.ts'
import { identityOf, keyOfIdentity } from '../identity.ts'
import { asList, asText, isObject, member } from '../json.ts'
import type { Answer } from '../transport.ts'

/** A contact as the CRM holds it. */
export interface Contact {
  id: string
  /** The keys of ours that it carries. */
  keys: readonly string[]
  body: Readonly<Record<string, unknown>>
}

/** What is behind an id or identity. */
export type FoundContact = { contact: Contact } | { gone: 'absent' | 'erased' }

/** Reads the body of a contact; undefined for anything else. */
export const contactOf = (body: unknown, prefix: string): Contact | undefined => {
  const id = asText(member(body, 'id'))
  if (id === undefined || !isObject(body)) return undefined
  const keys = asList(member(body, 'externalIds')).flatMap((entry) => {
    const source = asText(member(entry, 'source'))
    const own = asText(member(entry, 'id'))
    return source === undefined || own === undefined ? [] : (keyOfIdentity({ source, id: own }, prefix) ?? [])
  })
  return { id, keys, body }
}

/** A redirect as a path below the base URL, whether it was given as a path of the host, a full address or already below it. */
export const pathOfLocation = (location: string, baseUrl: string): string => {
  const base = new URL(baseUrl)
  const root = base.pathname.replace(/\/+$/, '')
  if (/^[a-z][a-z0-9+.-]*:/i.test(location)) return location
  return root !== '' && location.startsWith(`${root}/`) ? location.slice(root.length) : location
}

const maxRedirects = 5

/** Reads a contact, along the redirects that merges left behind. Throws what the CRM has against reading. */
export const readContact = async (
  api: Api,
  operation: Operation,
  values: Readonly<Record<string, unknown>>,
  ctx: DestinationContext,
): Promise<FoundContact> => {
  let at = operation
  for (let hop = 0; hop <= maxRedirects; hop += 1) {
    const answer = await api.transport.send({ operation: at, values, what: 'read of a contact' }, ctx)
    const contact = answer.ok ? contactOf(answer.value, ctx.contract.prefix) : undefined
    if (contact !== undefined) return { contact }
    const meaning = classOf(api.dialect, answer)
    if (meaning === 'not-found') return { gone: 'absent' }
    if (meaning === 'erased') return { gone: 'erased' }
    if (meaning !== 'merged' || answer.location === undefined) throw refusal(api, answer, 'read of a contact', ctx)
    at = { call: `GET ${pathOfLocation(answer.location, api.baseUrl)}` }
  }
  return { gone: 'absent' }
}

/** By our own key. */
export const readByKey = (api: Api, key: string, ctx: DestinationContext): Promise<FoundContact> =>
  readContact(api, operationOf(api, 'contact', 'get'), { ...identityOf(key, ctx.contract.prefix) }, ctx)

/** By the CRM's id. */
export const readById = (api: Api, remoteId: string, ctx: DestinationContext): Promise<FoundContact> =>
  readContact(api, operationOf(api, 'contact', 'getById'), { remoteId }, ctx)

/** By the CRM's id, else by our own key: a CRM may not offer contacts by id, and an id may be of an earlier contact. */
export const readPerson = async (api: Api, remoteId: string | undefined, key: string, ctx: DestinationContext): Promise<FoundContact> => {
  const found: FoundContact = remoteId === undefined ? { gone: 'absent' } : await readById(api, remoteId, ctx)
  return 'contact' in found || found.gone === 'erased' || key === '' ? found : readByKey(api, key, ctx)
}

/** Where a merge led to. */
export const readSurvivor = (api: Api, answer: Answer, key: string, ctx: DestinationContext): Promise<FoundContact> =>
  answer.location === undefined
    ? readByKey(api, key, ctx)
    : readContact(api, { call: `GET ${pathOfLocation(answer.location, api.baseUrl)}` }, {}, ctx)

/** Keys of ours on a contact that are not this input's own. */
export const foreignKeys = (contact: Contact, input: Pick<Input, 'key' | 'remoteKey'>): string[] =>
  contact.keys.filter((key) => key !== input.key && key !== input.remoteKey)
