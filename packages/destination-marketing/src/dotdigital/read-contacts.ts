import { foldEmail, type HttpReply } from '@millrace/adapter-kit'
import type { Contract, FieldValue } from '@millrace/core'
import type { Account } from './account.ts'
import { callError } from './errors.ts'
import { asId, asList, asText, asTime, isObject, member, word } from './json.ts'
import { dataField } from './names.ts'

/** A contact as the account holds it. Words in lower case. */
export interface ReadContact {
  id: string
  /** Case-folded; empty when it has none. */
  email: string
  /** By upper-case name. */
  dataFields: Readonly<Record<string, FieldValue>>
  emailStatus: string
  optInType: string
  smsStatus: string
  /** Ids of the lists that it is in, whoever put it there. */
  lists: ReadonlySet<string>
  /** Epoch ms. */
  createdAt: number
}

const toValue = (value: unknown): FieldValue =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null

/** Reads a contact of a reply; undefined when it is none. */
export const toContact = (body: unknown): ReadContact | undefined => {
  const id = asId(member(body, 'contactId'))
  if (id === undefined) return undefined
  const channels = member(body, 'channelProperties')
  const fields = member(body, 'dataFields')
  return {
    id,
    email: foldEmail(asText(member(member(body, 'identifiers'), 'email')) ?? ''),
    dataFields: Object.fromEntries(
      isObject(fields) ? Object.entries(fields).map(([name, value]) => [dataField(name), toValue(value)]) : [],
    ),
    emailStatus: word(member(member(channels, 'email'), 'status')),
    optInType: word(member(member(channels, 'email'), 'optInType')),
    lists: new Set(asList(member(body, 'lists')).flatMap((list) => asId(member(list, 'id')) ?? [])),
    smsStatus: word(member(member(channels, 'sms'), 'status')),
    createdAt: asTime(member(body, 'created')),
  }
}

/** The value of a contract's field, by its name there. */
export const fieldOf = (contact: ReadContact, name: string): FieldValue =>
  name === 'email' ? contact.email : (contact.dataFields[dataField(name)] ?? null)

/** Path of one contact. The value is encoded: a bare `+` would be a blank. */
export const contactPath = (identifier: 'email' | 'contactId' | 'mobileNumber', value: string): string =>
  `/contacts/v3/${identifier}/${encodeURIComponent(value)}`

/** Codes by which a single call says that there is no such contact: an id that is nobody's is also called invalid. */
export const isGone = ({ status, body }: { status: number; body: unknown }): boolean =>
  status === 404 || (status === 400 && /invalidId$/i.test(String(member(body, 'errorCode'))))

/** One contact; undefined when there is none. `urgent` = on behalf of consent, which may take the last of the budget. */
export const getContact = async (
  account: Account,
  identifier: 'email' | 'contactId' | 'mobileNumber',
  value: string,
  urgent = false,
): Promise<ReadContact | undefined> => {
  const reply = await account.send({
    method: 'GET',
    path: contactPath(identifier, value),
    call: 'reading of a contact',
    tier: 'high',
    urgent,
  })
  if (isGone(reply)) return undefined
  const contact = reply.status === 200 ? toContact(reply.body) : undefined
  if (contact !== undefined) return contact
  // An address that the vendor does not take for one is nobody's.
  if (reply.status === 400) return undefined
  throw callError(reply, 'reading of a contact', account.ctx.clock.now())
}

const pageSize = 5_000

/** Every contact (changed since a time), page by page, with the data fields named. */
export async function* pagesOfContacts(account: Account, names: readonly string[], since?: number): AsyncGenerator<ReadContact[]> {
  let marker: string | undefined
  do {
    const reply = await account.require({
      method: 'GET',
      path: '/contacts/v3',
      query: {
        limit: pageSize,
        include: 'channelProperties|lists',
        ...(names.length === 0 ? {} : { 'data-fields': names.map(dataField).join('|') }),
        ...(since === undefined ? {} : { '~modified': `gte::${new Date(since).toISOString()}` }),
        ...(marker === undefined ? {} : { marker }),
      },
      call: 'list of contacts',
      tier: 'low',
    })
    yield itemsOf(reply, 'list of contacts', account).flatMap((item) => toContact(item) ?? [])
    const next = asText(member(member(member(reply.body, '_links'), 'next'), 'marker'))
    marker = next === marker ? undefined : next
  } while (marker !== undefined)
}

/** The items of a page. Throws MillraceError for a success without them: it does not say that there is nothing. */
export const itemsOf = (reply: HttpReply, call: string, { ctx }: Account): unknown[] => {
  const items = member(reply.body, '_items')
  if (reply.status !== 200 || !Array.isArray(items)) throw callError(reply, call, ctx.clock.now())
  return items
}

/** A page costs a call of the scarcest tier, which is an eighth of the one that single reads cost. */
const readsPerPage = 8
const fewReads = 16

/**
 * Contacts by their case-folded e-mail. There is no read of many: few are read one by one; of many the pages of the account are walked, until that costs more
 * than reading the ones that are left one by one.
 */
export const contactsByEmail = async (
  account: Account,
  emails: readonly string[],
  contract: Contract,
): Promise<Map<string, ReadContact>> => {
  const open = new Set(emails.map(foldEmail))
  const found = new Map<string, ReadContact>()
  const keep = (contact: ReadContact | undefined): void => {
    if (contact === undefined || !open.delete(contact.email)) return
    found.set(contact.email, contact)
  }
  if (open.size > fewReads) {
    const names = [
      ...Object.keys(contract.objects['contact']?.fields ?? {}).filter((name) => name !== 'email' && name !== 'mobileNumber'),
      ...ownFields(contract),
    ]
    let pages = 0
    let finished = true
    for await (const page of pagesOfContacts(account, names)) {
      for (const contact of page) keep(contact)
      pages += 1
      if (open.size === 0 || pages * readsPerPage <= emails.length) continue
      finished = false
      break
    }
    if (finished) return found
  }
  for (const email of open) keep(await getContact(account, 'email', email))
  return found
}

/** Data fields of ours that are no fields of the contract. */
export const ownFields = ({ prefix }: Contract): string[] => [`${prefix}_key`, `${prefix}_optin`]
