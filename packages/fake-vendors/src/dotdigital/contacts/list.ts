import type { HttpReply } from '../../http/index.ts'
import { refuse } from '../errors.ts'
import { seekPage } from '../paging.ts'
import { ok, type RouteContext } from '../route.ts'
import type { Contact } from './contact.ts'
import { optionalParts, viewWith, type ContactPart } from './view.ts'

const since = /^gte::(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{3})?Z)$/
const maxLimit = 5000

/** Time of a filter such as `gte::2026-11-21T10:00:00Z`. @throws Refusal when it has another form */
export function readSince(value: string | null, area: string): number | undefined {
  if (value === null) return undefined
  const at = Date.parse(since.exec(value)?.[1] ?? '')
  return Number.isNaN(at) ? refuse('filter-form', 400, `${area}:invalidFilter`, `The filter value '${value}' is invalid`) : at
}

function readListId({ account, query }: RouteContext): number | undefined {
  const value = query.get('~listId')
  if (value === null) return undefined
  const id = Number(value)
  return account.lists.has(id) ? id : refuse('filter-form', 400, 'contacts:invalidFilter', `The filter value '${value}' is invalid`)
}

function readParts(query: URLSearchParams): readonly ContactPart[] {
  const names = (query.get('include') ?? '').split('|').filter((name) => name !== '')
  return names.map((name) => {
    const part = optionalParts.find((candidate) => candidate === name)
    return part ?? refuse('filter-form', 400, 'contacts:invalidInclude', `'${name}' cannot be included`)
  })
}

function dataFieldsView(contact: Contact, wanted: string | null): object {
  if (wanted === null || wanted === '') return {}
  if (wanted === '[[ALL]]') return { dataFields: contact.dataFields }
  const names = new Set(wanted.split('|').map((name) => name.toUpperCase()))
  return { dataFields: Object.fromEntries(Object.entries(contact.dataFields).filter(([name]) => names.has(name))) }
}

/** GET contacts: ascending by id, identifiers only unless `data-fields` and `include` ask for more. */
export function listContacts(context: RouteContext): HttpReply {
  const { account, query } = context
  const modified = readSince(query.get('~modified'), 'contacts')
  const created = readSince(query.get('~created'), 'contacts')
  if (modified !== undefined && created !== undefined) {
    refuse('filter-form', 400, 'contacts:invalidFilter', "'~created' can't be used in conjunction with '~modified'")
  }
  const listId = readListId(context)
  const parts = readParts(query)
  const rows = account.contacts
    .all()
    .filter(
      (contact) =>
        (modified === undefined || contact.updatedAt >= modified) &&
        (created === undefined || contact.createdAt >= created) &&
        (listId === undefined || contact.lists.has(listId)),
    )
  return ok(
    seekPage(context, 'contacts', maxLimit, rows, {
      position: (contact) => contact.id,
      show: (contact) => ({ ...viewWith(account, contact, parts), ...dataFieldsView(contact, query.get('data-fields')) }),
    }),
  )
}
