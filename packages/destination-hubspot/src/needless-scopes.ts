import type { CheckFinding, Contract, DestinationContext } from '@millrace/core'
import { sendsEvents } from './event-form.ts'
import { asList, asText, member } from './json.ts'
import type { Portal } from './portal.ts'
import type { Settings } from './settings.ts'
import { usedTargets } from './target.ts'

const consentScopes = ['read', 'write', 'read_write', 'statuses.batch.read', 'statuses.batch.write']

/** Every scope that a contract has a use for. `apply` needs those of schemas; products and line items of older accounts have one of their own. */
const usefulScopes = (contract: Contract): Set<string> => {
  const types = [...new Set(usedTargets(contract).map(({ target }) => target.type))]
  return new Set([
    'oauth',
    'settings.currencies.read',
    'multi-currency-read',
    ...types.flatMap((type) => ['objects', 'schemas'].flatMap((kind) => ['read', 'write'].map((verb) => `crm.${kind}.${type}.${verb}`))),
    ...(types.some((type) => type === 'products' || type === 'line_items') ? ['e-commerce'] : []),
    ...(contract.memberships.some(({ kind }) => kind === 'list') ? ['crm.lists.read', 'crm.lists.write'] : []),
    ...(Object.keys(contract.consent.topics).length > 0 ? consentScopes.map((name) => `communication_preferences.${name}`) : []),
    ...(sendsEvents(contract) ? ['analytics.behavioral_events.send', 'behavioral_events.event_definitions.read_write'] : []),
  ])
}

/**
 * Scopes that the token has and nothing here needs. A token whose scopes HubSpot does not tell (that of a service key may be one) is passed over. Source:
 * https://developers.hubspot.com/docs/api/private-apps, "Verify scopes of an access token" (no version in the path; it needs no scope).
 */
export const needlessScopes = async (portal: Portal, { accessToken }: Settings, ctx: DestinationContext): Promise<CheckFinding[]> => {
  // Tokens of OAuth apps are not private apps': they are not told their scopes here.
  if (typeof accessToken === 'object') return []
  const tokenKey = typeof accessToken === 'string' ? accessToken : (await accessToken()).trim()
  const path = '/oauth/v2/private-apps/get/access-token-info'
  const request = { method: 'POST' as const, path, query: {}, body: JSON.stringify({ tokenKey }) }
  const reply = await portal.send(request, { call: 'scopes of the token', signal: ctx.signal, idempotent: true })
  const granted = reply.status === 200 ? asList(member(reply.body, 'scopes')).flatMap((scope) => asText(scope) ?? []) : []
  const useful = usefulScopes(ctx.contract)
  const needless = granted.filter((scope) => !useful.has(scope)).toSorted()
  if (needless.length === 0) return []
  return [
    {
      level: 'warning',
      code: 'scope_needless',
      message: `The token may do more than the contract needs: ${needless.join(', ')}.`,
      setting: `connections.${ctx.connection}.accessToken`,
      cure: 'Take these scopes from the service key or private app, unless something else uses the same token.',
    },
  ]
}
