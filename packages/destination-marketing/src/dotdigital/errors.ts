import { classify, vendorCode, type HttpReply } from '@millrace/adapter-kit'
import { MillraceError } from '@millrace/core'
import { asText, member } from './json.ts'

/** The vendor's code of an error: `errorCode` of version 3 (`contacts:idAlreadyExists`), or what stands in the message of version 2 (`ERROR_...`). */
export const errorWord = (body: unknown): string => {
  const code = vendorCode(member(body, 'errorCode'))
  return code ?? /ERROR_[A-Z_]+/.exec(asText(member(body, 'message')) ?? asText(body) ?? '')?.[0] ?? ''
}

/** The deprecated rate scheme refuses with a 400. */
export const isUsageExceeded = ({ status, body }: { status: number; body: unknown }): boolean =>
  status === 400 && errorWord(body) === 'ERROR_APIUSAGE_EXCEEDED'

const slotsPauseMs = 15_000

/** Too many imports are under way, though there is budget left. */
export const slotsFull = (area: string): MillraceError =>
  new MillraceError({
    code: 'import_slots_full',
    retryable: true,
    retryAfterMs: slotsPauseMs,
    scope: 'destination',
    message: `All import slots for ${area} are taken at Dotdigital; nothing was sent. Deliveries go on when an import has finished.`,
    context: { applied: 'no' },
  })

/** The error of an answer that concerns the whole call: credentials, region, limits, outages, unknown shapes. */
export const callError = (reply: HttpReply, call: string, now: number): MillraceError => {
  const category = errorWord(reply.body)
  if (reply.status === 429 && /tooMany/i.test(category)) return slotsFull(call)
  if (isUsageExceeded(reply)) {
    return new MillraceError({
      code: 'rate_limited',
      retryable: true,
      retryAfterMs: 5 * 60_000,
      scope: 'destination',
      message: `Dotdigital refused ${call}: the account's calls of this hour are used up. Deliveries go on by themselves.`,
      context: { status: 400, category, applied: 'no' },
    })
  }
  if (reply.status === 403) {
    return new MillraceError({
      code: 'region_wrong',
      scope: 'destination',
      field: 'baseUrl',
      message: `Dotdigital refused ${call} (status 403). Usually the account lives in another region: GET https://r1-api.dotdigital.com/v2/account-info names it as ApiEndpoint; else the API user lacks the permission.`,
      context: { status: 403 },
    })
  }
  // A page instead of JSON comes from a proxy or a wrong address: it tells nothing of any record, also when it says 404.
  if (reply.contentType.includes('html') && reply.status >= 400 && reply.status < 500 && reply.status !== 401 && reply.status !== 429) {
    return new MillraceError({
      code: 'unexpected_response',
      retryable: true,
      scope: 'destination',
      field: 'baseUrl',
      message: `A web page came back instead of an answer of Dotdigital for ${call} (status ${reply.status}). Check baseUrl, and proxies on the way.`,
      context: { status: reply.status, applied: 'no' },
    })
  }
  return classify(reply, { vendor: 'Dotdigital', call, now, setting: 'password', ...(category === '' ? {} : { category }) })
}

interface Meaning {
  code: string
  what: string
  cure: string
}

const meanings: Readonly<Record<string, Meaning>> = {
  suppressed: {
    code: 'contact_suppressed',
    what: 'may not hold this address: it is suppressed globally or by its domain',
    cure: 'Lift the suppression in Dotdigital, or discard the dead letter.',
  },
  email: { code: 'email_invalid', what: 'takes the e-mail address for invalid', cure: 'Correct it at the source.' },
  phone: {
    code: 'phone_invalid',
    what: 'takes the mobile number for invalid',
    cure: 'Write it with country code (+49...), or take it out of the contract.',
  },
  list: {
    code: 'list_missing',
    what: 'does not have one of the lists',
    cure: 'Correct `listId` or the memberships of the contract; `check` names the list.',
  },
  schema: {
    code: 'schema_conflict',
    what: 'refused the document: its collection has fixed another type for a field, or a form that is not allowed',
    cure: 'Give the field the type that the first record had, or start a new collection (`collections`).',
  },
  taken: {
    code: 'identity_conflict',
    what: 'has another contact with the same mobile number or address',
    cure: 'Merge the contacts in Dotdigital, or take the number out of the contract.',
  },
  owner: { code: 'contact_missing', what: 'does not have the contact any more', cure: 'Replay the contact first, then this.' },
}

const meaningOf: Readonly<Record<string, keyof typeof meanings>> = {
  duplicate: 'taken',
  idalreadyexists: 'taken',
  blocker: 'suppressed',
  globallysuppressed: 'suppressed',
  suppressedbydomain: 'suppressed',
  invalidemail: 'email',
  invaliddomain: 'email',
  invalidphonenumber: 'phone',
  invalidaddressbookids: 'list',
  invalidlistid: 'list',
  jsoncontainsnestedarray: 'schema',
  jsonvalueincompatiblewithschema: 'schema',
  jsonkeytoolong: 'schema',
  jsonkeyinvalidcharacters: 'schema',
  jsonvaluetoolong: 'schema',
  jsonnumbervaluetoolarge: 'schema',
  contactiddoesnotexist: 'owner',
  contactemaildoesnotexist: 'owner',
  contactnotfound: 'owner',
}

/** The error of one record that Dotdigital refused, by the code of an import's failure or of a single call. Its words are not repeated: they echo what was sent. */
export const recordError = (vendorWord: string, status?: number): MillraceError => {
  const name = vendorWord.replace(/^.*:/, '')
  const meaning = meanings[meaningOf[name.toLowerCase()] ?? '']
  const context = { ...(status === undefined ? {} : { status }), ...(name === '' ? {} : { category: name }) }
  if (meaning !== undefined) {
    return new MillraceError({ code: meaning.code, message: `Dotdigital ${meaning.what}. ${meaning.cure}`, context })
  }
  return new MillraceError({
    code: 'rejected_by_vendor',
    message: `Dotdigital refused the record${name === '' ? '' : ` (${name})`}. Run \`millrace plan\` for data fields that are missing or of another type, or correct the record, then replay.`,
    context,
  })
}

/** An import was finished and says nothing of this record, or is not known: sent again under the same key. */
export const notConfirmed = (why: string): MillraceError =>
  new MillraceError({
    code: 'unconfirmed',
    retryable: true,
    message: `Dotdigital ${why}. The record is sent again under the same key.`,
    context: { applied: 'unknown' },
  })

/** The account holds an opt-out that this opt-in does not lift. */
export const optOutStands = (): MillraceError =>
  new MillraceError({
    code: 'opt_out_stands',
    retryable: true,
    message:
      'The contact left or is suppressed in Dotdigital, and this opt-in may not lift that. It is decided anew with what Dotdigital says now.',
  })
