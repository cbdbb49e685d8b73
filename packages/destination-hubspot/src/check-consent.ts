import type { CheckFinding, DestinationContext } from '@millrace/core'
import { readDefinitions } from './consent-request.ts'
import { legalBases } from './deliver-consent.ts'
import { scopesOf } from './errors.ts'
import { asList, asText, member } from './json.ts'
import type { Portal } from './portal.ts'

/** Whether HubSpot has the subscription types of the topics and the token may use them. Writing is not tried: an empty write does not exist there. */
export const consentFindings = async (portal: Portal, ctx: DestinationContext): Promise<CheckFinding[]> => {
  const topics = Object.entries(ctx.contract.consent.topics)
  if (topics.length === 0) return []
  const at = `connections.${ctx.connection}`
  const call = 'reading subscription types'
  const reply = await portal.send(readDefinitions, { call, signal: ctx.signal, idempotent: true })
  if (reply.status === 403) {
    const scopes = scopesOf(reply.body)
    return [
      {
        level: 'error',
        code: 'scope_missing',
        message: `The token may not read consent${scopes.length === 0 ? '' : `: it needs one of ${scopes.join(', ')}`}.`,
        setting: `${at}.accessToken`,
        cure: 'Grant communication_preferences.read_write to the service key or private app in HubSpot, then run check again.',
      },
    ]
  }
  if (reply.status < 200 || reply.status >= 300) throw portal.error(reply, call)
  const types = new Map(
    asList(member(reply.body, 'results')).flatMap((entry) => {
      const id = member(entry, 'id')
      return typeof id === 'string' || typeof id === 'number' ? [[String(id), asText(member(entry, 'name')) ?? '?'] as const] : []
    }),
  )
  const known = [...types].map(([id, name]) => `${id} (${name})`).join(', ')
  return topics.flatMap(([name, { target, basis }]): CheckFinding[] => {
    const setting = `${at}.contract.consent.topics.${name}`
    const findings: CheckFinding[] = []
    if (target === undefined)
      findings.push({
        level: 'warning',
        code: 'consent_target_missing',
        message: `The topic ${name} names no subscription type: its opt-outs take people off everything, and its opt-ins are refused.`,
        setting: `${setting}.target`,
        cure: `Name one of ${known}.`,
      })
    else if (!types.has(target))
      findings.push({
        level: 'error',
        code: 'subscription_type_missing',
        message: `HubSpot has no subscription type ${target}.`,
        setting: `${setting}.target`,
        cure: `Name one of ${known}.`,
      })
    if (basis === undefined || !legalBases.has(basis))
      findings.push({
        level: 'warning',
        code: 'legal_basis_missing',
        message: `The topic ${name} has no legal basis that HubSpot knows: while its data privacy settings are on, opt-ins are refused.`,
        setting: `${setting}.basis`,
        cure: `Name one of ${[...legalBases].join(', ')}.`,
      })
    return findings
  })
}
