import type { HttpReply } from '../../http/index.ts'
import { limits } from '../crm-schema.ts'
import { refuseAt } from '../problem.ts'
import type { RouteContext } from '../route.ts'
import { timestamp } from '../validate.ts'
import type { StoredContact } from './contact.ts'
import { viewContact } from './view.ts'

type Position = readonly [since: string, at: number, id: string]

/** Cursors are opaque: only this file knows what is in one. */
function encode(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url')
}

function decode(cursor: string, since: string): Position {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(value) && value[0] === since && typeof value[1] === 'number' && typeof value[2] === 'string') {
      return [since, value[1], value[2]]
    }
  } catch {
    // Not one of ours: refused below like one of another listing.
  }
  return refuseAt('list-cursor', 'malformed', 'query/cursor', 'unknown')
}

function pageSize(text: string | null): number {
  if (text === null) return 100
  const size = /^\d{1,4}$/.test(text) ? Number(text) : 0
  return size >= 1 && size <= limits.pageSize ? size : refuseAt('list-limit', 'malformed', 'query/limit', 'range')
}

/** A page of contacts by time of their last change: those changed while it is read come again at the end, none is left out. */
export function listContacts({ crm, query }: RouteContext): HttpReply {
  for (const name of query.keys()) {
    if (!['updatedSince', 'cursor', 'limit'].includes(name)) refuseAt('list-limit', 'malformed', `query/${name}`, 'unknown')
  }
  const since = query.get('updatedSince') ?? ''
  if (since !== '' && !timestamp.safeParse(since).success) refuseAt('list-updated-since', 'malformed', 'query/updatedSince', 'format')
  const limit = pageSize(query.get('limit'))
  const cursor = query.get('cursor')
  const from = since === '' ? 0 : Date.parse(since)
  const [, at, id] = cursor === null ? [since, from, ''] : decode(cursor, since)
  const isAfter = (contact: StoredContact): boolean => contact.lastModified > at || (contact.lastModified === at && contact.id > id)
  const rest = [...crm.contacts.values()]
    .filter(isAfter)
    .toSorted((one, other) => one.lastModified - other.lastModified || (one.id < other.id ? -1 : 1))
  const page = rest.slice(0, limit)
  const last = page.at(-1)
  const next = last === undefined || rest.length <= limit ? null : encode([since, last.lastModified, last.id])
  return { status: 200, body: { items: page.map((contact) => viewContact(crm, contact)), next } }
}
