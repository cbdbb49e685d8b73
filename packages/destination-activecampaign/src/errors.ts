import { classify, redactText, vendorCode, type HttpReply } from '@millrace/adapter-kit'
import { MillraceError } from '@millrace/core'
import { isImportLimit } from './budgets.ts'
import { asList, asText, isObject, member, textOf } from './json.ts'

/** One thing that ActiveCampaign has against a record: an entry of `errors[]` of a 422 (vendor notes, "Errors"). */
interface Problem {
  code: string
  attribute: string | undefined
  text: string
}

/** The last part of `/data/attributes/email`; newer resources say `source: { type, value }`. */
const attributeOf = (source: unknown): string | undefined => {
  const pointer = textOf(source, 'pointer') ?? textOf(source, 'value')
  const name = pointer?.split('/').at(-1)
  return name !== undefined && /^[A-Za-z]\w{0,40}$/.test(name) ? name : undefined
}

const problemsOf = (body: unknown): Problem[] =>
  asList(member(body, 'errors'))
    .filter(isObject)
    .map((entry) => ({
      code: (vendorCode(entry['code']) ?? vendorCode(entry['error']) ?? 'invalid').toLowerCase(),
      attribute: attributeOf(entry['source']),
      text: [asText(entry['title']), asText(entry['detail'])].filter((part) => part !== undefined).join(' '),
    }))

const isExclusion = ({ code, text }: Problem): boolean => code.includes('exclu') || /exclusion list/i.test(text)

/** Whether a refusal says that the value is taken: by its code, or in words, since newer resources have no codes (vendor notes, "Errors"). */
export const isDuplicate = (body: unknown): boolean =>
  problemsOf(body).some(({ code, text }) => code === 'duplicate' || /already (?:exists|in use|taken)|duplicate/i.test(text))

const verdictOf = (problem: Problem | undefined): { code: string; cure: string } => {
  if (problem === undefined) return { code: 'rejected_by_vendor', cure: 'Correct the record or the contract, then replay.' }
  if (isExclusion(problem))
    return {
      code: 'email_excluded',
      cure: 'The address is on the exclusion list of the account. Take it off there, or leave it: nothing can be sent to it.',
    }
  if (problem.attribute === 'email') return { code: 'email_invalid', cure: 'Correct the address at the source, then replay.' }
  return { code: 'value_rejected', cure: 'Correct the value at the source or its mapping, then replay.' }
}

/** The error of one record that was refused with 400 or 422. `sent` = every value that was sent, so that none is repeated. */
export const recordError = (reply: HttpReply, call: string, sent: Iterable<unknown>): MillraceError => {
  const [problem] = problemsOf(reply.body)
  const { code, cure } = verdictOf(problem)
  const said = problem?.text ?? textOf(reply.body, 'message')
  return new MillraceError({
    code,
    ...(problem?.attribute === undefined ? {} : { field: problem.attribute }),
    message: `ActiveCampaign refused ${problem?.attribute ?? 'the record'} (${call}, status ${reply.status}). ${cure}`,
    context: {
      status: reply.status,
      call,
      ...(problem === undefined ? {} : { category: problem.code }),
      ...(said === undefined ? {} : { answer: redactText(said, { values: sent, maxLength: 300 }) }),
    },
  })
}

/** The error of an answer that concerns the whole call. A missing or wrong key, and a permission that its user lacks, are both a 403. */
export const callError = (reply: HttpReply, call: string, now: number, scope: 'record' | 'batch' = 'batch'): MillraceError => {
  const error = classify(reply, { vendor: 'ActiveCampaign', call, now, setting: 'apiToken', scope })
  if (reply.status === 403)
    return new MillraceError({
      code: 'credentials_rejected',
      scope: 'destination',
      field: 'apiToken',
      message: `ActiveCampaign refused the key for ${call} (status 403). Check the setting "apiToken": it may be wrong, or its user may lack the permission.`,
      context: error.context,
    })
  if (isImportLimit(reply))
    return new MillraceError({
      code: 'rate_limited',
      scope: 'batch',
      retryable: true,
      retryAfterMs: 30_000,
      message: 'ActiveCampaign takes no more imports in this minute. Deliveries go on by themselves.',
      context: { status: reply.status, call },
    })
  return error
}

/** Somebody deleted the connection of a shop: it is made anew by the next attempt. */
export const connectionGone = (): MillraceError =>
  new MillraceError({
    code: 'connection_gone',
    retryable: true,
    message: 'The integration of the shop was deleted in ActiveCampaign. It is made anew, and the record is sent again.',
    context: { applied: 'no' },
  })

/** An answer of success that confirms nothing. */
export const unconfirmed = (call: string): MillraceError =>
  new MillraceError({
    code: 'unexpected_response',
    scope: 'record',
    retryable: true,
    message: `ActiveCampaign answered ${call} without confirming it. It is repeated.`,
    context: { call, applied: 'unknown' },
  })
