import type { HttpClient } from '@millrace/adapter-kit'
import { callError } from './errors.ts'
import { asList, asText, member } from './json.ts'
import { apiVersion } from './version.ts'

/** The portal behind the token. Everything but `known` may be missing when the token may not read it. */
export interface Account {
  /** False when the token lacks the scope `oauth`, or the portal has no such call: nothing of it is known. */
  known: boolean
  portalId: string | undefined
  accountType: string | undefined
  /** IANA zone in which HubSpot's daily limits end. */
  timeZone: string
  /** Enabled currencies, the company's first; undefined when unknown. */
  currencies: readonly string[] | undefined
}

const unknownAccount: Account = { known: false, portalId: undefined, accountType: undefined, timeZone: 'UTC', currencies: undefined }

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** Reads account-info. A token without its scope, or a portal without the call, gives an account of which nothing is known; any other failure throws MillraceError. */
export const readAccount = async (http: HttpClient, now: () => number, signal: AbortSignal): Promise<Account> => {
  const reply = await http.request({ method: 'GET', path: `/account-info/${apiVersion}/details`, signal })
  if (reply.status === 403 || reply.status === 404) return unknownAccount
  if (reply.status !== 200) throw callError(reply, 'account details', now())
  const zone = asText(member(reply.body, 'timeZone'))
  const company = asText(member(reply.body, 'companyCurrency'))
  const portalId = member(reply.body, 'portalId')
  const additional = asList(member(reply.body, 'additionalCurrencies')).flatMap((code) => asText(code) ?? [])
  return {
    known: true,
    portalId: typeof portalId === 'number' || typeof portalId === 'string' ? String(portalId) : undefined,
    accountType: asText(member(reply.body, 'accountType')),
    timeZone: zone !== undefined && isTimeZone(zone) ? zone : 'UTC',
    currencies: company === undefined ? undefined : [company, ...additional],
  }
}
