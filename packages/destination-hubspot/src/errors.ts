import { classify, redactText, vendorCode, type HttpReply } from '@millrace/adapter-kit'
import { MillraceError } from '@millrace/core'
import { asList, asText, isObject, member, texts } from './json.ts'

/** One thing HubSpot has against a property. */
interface Problem {
  code: string
  property: string | undefined
}

/** Reads `errors[]`, else the JSON list that HubSpot puts as text inside `message` (vendor notes, "Errors to classify"). */
const problemsOf = (body: unknown): Problem[] => {
  const listed = asList(member(body, 'errors')).flatMap((entry) =>
    toProblem(member(entry, 'code'), texts(member(member(entry, 'context'), 'propertyName'))[0]),
  )
  return listed.length > 0 ? listed : embedded(asText(member(body, 'message')) ?? '')
}

const toProblem = (code: unknown, property: string | undefined): Problem[] => {
  const known = vendorCode(code)
  return known === undefined && property === undefined ? [] : [{ code: known ?? 'INVALID', property }]
}

const embedded = (message: string): Problem[] => {
  const start = message.indexOf('[{')
  const end = message.lastIndexOf(']')
  if (start === -1 || end < start) return []
  try {
    return asList(JSON.parse(message.slice(start, end + 1))).flatMap((entry) =>
      toProblem(member(entry, 'error'), asText(member(entry, 'name'))),
    )
  } catch {
    // The vendor cut the list short: the text in the context is all there is.
    return []
  }
}

const codeOf: Readonly<Record<string, string>> = {
  PROPERTY_DOESNT_EXIST: 'property_missing',
  INVALID_OPTION: 'option_unknown',
  READ_ONLY_VALUE: 'property_read_only',
  INVALID_EMAIL: 'email_invalid',
}

const cureOf: Readonly<Record<string, string>> = {
  property_missing: 'Run `millrace apply`, or take the field out of the contract.',
  option_unknown: 'Add the option in HubSpot, or map the value to one that exists.',
  property_read_only: 'Take the field out of the contract.',
  email_invalid: 'Correct the address at the source; HubSpot checks the whole address, also its top level domain.',
}

const contextOf = (
  body: unknown,
  more: { status?: number; correlationId?: string | undefined; values: Iterable<string> },
): Record<string, string | number> => {
  const category = vendorCode(member(body, 'category'))
  const message = asText(member(body, 'message'))
  const correlationId = more.correlationId ?? asText(member(body, 'correlationId'))
  return {
    ...(more.status === undefined ? {} : { status: more.status }),
    ...(category === undefined ? {} : { category }),
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(message === undefined ? {} : { answer: redactText(message, { values: more.values, maxLength: 300 }) }),
  }
}

/**
 * The error of one record that HubSpot refused, from an entry of `errors[]` of a 207 or the body of a 400. `sent` = the values that were sent, so that none of
 * them is repeated. A property that does not exist concerns every record, so it stops the destination until it is mended.
 */
export const recordError = (
  body: unknown,
  sent: Readonly<Record<string, string>>,
  more: { status?: number; correlationId?: string | undefined } = {},
): MillraceError => {
  const problems = problemsOf(body)
  const [first] = problems
  const context = contextOf(body, { ...more, values: Object.values(sent) })
  if (first === undefined) {
    const notFound = member(body, 'category') === 'OBJECT_NOT_FOUND'
    return new MillraceError({
      code: notFound ? 'not_found' : 'rejected_by_vendor',
      message: notFound
        ? 'HubSpot does not have this object any more. It is looked up anew when the record is replayed.'
        : 'HubSpot refused the record; its answer is in the context. Correct the record or the contract, then replay.',
      context,
    })
  }
  const code = codeOf[first.code] ?? 'value_rejected'
  const named = problems.map((problem) => `${problem.property ?? 'a property'} (${problem.code})`)
  return new MillraceError({
    code,
    ...(code === 'property_missing' ? { scope: 'destination' as const } : {}),
    ...(first.property === undefined ? {} : { field: first.property }),
    message: `HubSpot refused ${named.join(', ')}. ${cureOf[code] ?? 'Correct the value at the source or its mapping, then replay.'}`,
    context,
  })
}

/** What stands in the way of a write: ids of the objects that hold a unique value, and the property where HubSpot names it. */
export interface Taken {
  ids: string[]
  property: string | undefined
}

/** Reads a conflict in each of the vendor's forms; undefined when it is none. */
export const takenBy = (body: unknown): Taken | undefined => {
  const message = asText(member(body, 'message')) ?? ''
  const details = asList(member(body, 'errors')).flatMap((entry) => asText(member(entry, 'message')) ?? [])
  const all = [message, ...details].join('\n')
  const existing = texts(member(member(body, 'context'), 'existingId'))
  const ids = existing.length > 0 ? existing : [...all.matchAll(/Existing ID: (\d+)/gi)].flatMap((match) => match[1] ?? [])
  if (ids.length > 0) return { ids: [...new Set(ids)], property: 'email' }
  const holder = /(\d+) already has that value/i.exec(all)?.[1]
  if (holder !== undefined) return { ids: [holder], property: /propertyName=([\w.-]+)/.exec(all)?.[1] }
  if (/already belongs to another contact|additional email/i.test(all)) return { ids: [], property: 'email' }
  return member(body, 'category') === 'CONFLICT' ? { ids: [], property: undefined } : undefined
}

/** Scopes that a 403 names, in whichever place it does. */
export const scopesOf = (body: unknown): string[] => {
  const entries = asList(member(body, 'errors'))
  const named = [body, ...entries].flatMap((entry) => texts(member(member(entry, 'context'), 'requiredGranularScopes')))
  const written = entries.flatMap(
    (entry) => (asText(member(entry, 'message')) ?? '').match(/\b[a-z]+(?:[-_][a-z]+)*(?:\.[a-z_]+)+\b/g) ?? [],
  )
  return [...new Set(named.length > 0 ? named : written)]
}

/** The error of an answer that concerns the whole call: credentials, scopes, limits, outages, unknown shapes. */
export const callError = (reply: HttpReply, call: string, now: number): MillraceError => {
  const error = classify(reply, { vendor: 'HubSpot', call, now, setting: 'accessToken' })
  const scopes = reply.status === 403 ? scopesOf(reply.body) : []
  if (scopes.length > 0) {
    return new MillraceError({
      code: 'scope_missing',
      scope: 'destination',
      field: 'accessToken',
      message: `HubSpot refused ${call}: the token lacks a scope. Grant one of ${scopes.join(', ')} to the service key or private app, then run \`millrace check\`.`,
      context: { ...error.context, scopes: scopes.join(' ') },
    })
  }
  // 423 = locked for at least two seconds, 477 = the account moves to another data centre; neither is a fault of the record.
  if (reply.status !== 423 && reply.status !== 477) return error
  return new MillraceError({
    code: 'vendor_unavailable',
    scope: reply.status === 477 ? 'destination' : 'batch',
    retryable: true,
    retryAfterMs: Math.max(error.retryAfterMs ?? retryAfterOf(reply), 2_000),
    message: `HubSpot was not ready for ${call} (status ${reply.status}). It is repeated later.`,
    context: error.context,
  })
}

const retryAfterOf = (reply: HttpReply): number => Number(reply.headers['retry-after'] ?? 0) * 1000 || 0

/** Whether a body is one of HubSpot's JSON errors and not a page of something in between. */
export const isVendorBody = (body: unknown): boolean => isObject(body) && ('category' in body || 'message' in body || 'errors' in body)
