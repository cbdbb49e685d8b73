import { isMillraceError, type CheckFinding, type DestinationContext, type MillraceError, type PlanChange } from '@millrace/core'
import { consentFindings } from './check-consent.ts'
import { scopesOf } from './errors.ts'
import { eventForm, sendsEvents } from './event-form.ts'
import { needlessScopes } from './needless-scopes.ts'
import { planPortal } from './plan.ts'
import type { Portal } from './portal.ts'
import type { Settings } from './settings.ts'
import { sdk, sdkRequest, type SdkRequest } from './sdk.ts'
import { usedTargets } from './target.ts'

const finding = (
  level: CheckFinding['level'],
  code: string,
  message: string,
  more: Pick<CheckFinding, 'setting' | 'cure'> = {},
): CheckFinding => ({ level, code, message, ...more })

/** Turns a failure into a finding about the connection's settings. */
export const failureFinding = (error: MillraceError, connection: string): CheckFinding => {
  const setting = error.code === 'connection_failed' ? 'baseUrl' : 'accessToken'
  return finding('error', error.code, error.message, { setting: `connections.${connection}.${setting}`, cure: cureOf(error.code) })
}

const cureOf = (code: string): string => {
  switch (code) {
    case 'credentials_rejected':
      return 'Copy the token of the service key or private app again, or create a new one.'
    case 'scope_missing':
      return 'Grant the scope to the service key or private app in HubSpot, then run check again.'
    case 'connection_failed':
      return 'Check the address, DNS and firewall.'
    default:
      return 'See the message; try again later if HubSpot is down.'
  }
}

const accountFindings = ({ account }: Portal, ctx: DestinationContext): CheckFinding[] => {
  const setting = `connections.${ctx.connection}.accessToken`
  if (!account.known) {
    return [
      finding(
        'warning',
        'account_unknown',
        'The token may not read the account, so currencies are not checked and daily limits are taken to end at midnight UTC.',
        {
          setting,
          cure: 'Grant the scope oauth.',
        },
      ),
    ]
  }
  const currencies = account.currencies?.join(', ') ?? 'unknown'
  const facts = [`portal ${account.portalId ?? 'unknown'}`, account.accountType, account.timeZone, `currencies ${currencies}`].filter(
    (fact) => fact !== undefined,
  )
  return [finding('ok', 'portal_reached', `HubSpot answers: ${facts.join(', ')}.`), ...currencyFindings(account.currencies, ctx)]
}

const currencyFindings = (enabled: readonly string[] | undefined, { contract, connection }: DestinationContext): CheckFinding[] => {
  if (enabled === undefined || !('deal' in contract.objects)) return []
  const missing = contract.currencies.filter((currency) => !enabled.includes(currency))
  if (missing.length === 0) return []
  return [
    finding('warning', 'currency_not_enabled', `Deals in ${missing.join(', ')} will be refused: HubSpot has only ${enabled.join(', ')}.`, {
      setting: `connections.${connection}.contract.currencies`,
      cure: 'Add the currencies in HubSpot under Settings > Account Defaults > Currency.',
    }),
  ]
}

/** A write without rows changes nothing; HubSpot checks the scope before it looks at them. */
const probes = (type: string): { what: string; request: () => Promise<SdkRequest> }[] => [
  { what: `read ${type}`, request: () => sdkRequest(sdk.objects.getPage(type, 1)) },
  { what: `write ${type}`, request: () => sdkRequest(sdk.batch.update(type, { inputs: [] })) },
]

const scopeFindings = async (portal: Portal, ctx: DestinationContext): Promise<CheckFinding[]> => {
  const types = [...new Set(usedTargets(ctx.contract).map(({ target }) => target.type))]
  const missing = new Map<string, string[]>()
  for (const { what, request } of types.flatMap(probes)) {
    const reply = await portal.send(request(), { call: what, signal: ctx.signal, idempotent: true })
    if (reply.status === 403) missing.set(what, scopesOf(reply.body))
    else if (reply.status !== 400 && (reply.status < 200 || reply.status >= 300)) throw portal.error(reply, what)
  }
  if (missing.size === 0) return [finding('ok', 'scopes_granted', `The token may read and write ${types.join(', ')}.`)]
  return [...missing].map(([what, scopes]) =>
    finding('error', 'scope_missing', `The token may not ${what}${scopes.length === 0 ? '' : `: it needs one of ${scopes.join(', ')}`}.`, {
      setting: `connections.${ctx.connection}.accessToken`,
      cure: 'Grant the scope to the service key or private app in HubSpot, then run check again.',
    }),
  )
}

const describeDifferences = ({ target, differences }: PlanChange): string =>
  `${target} (${differences.map(({ path, have, want }) => `${path}: is ${JSON.stringify(have ?? null)}, should be ${JSON.stringify(want)}`).join('; ')})`

const planFindings = async (portal: Portal, settings: Settings, ctx: DestinationContext): Promise<CheckFinding[]> => {
  const changes = await planPortal(portal, settings, ctx)
  const setting = `connections.${ctx.connection}.contract`
  const open = changes.filter((change) => change.action !== 'drift')
  const drift = changes.filter((change) => change.action === 'drift')
  const findings = drift.map((change) =>
    finding('error', 'schema_drift', `HubSpot differs from the contract: ${describeDifferences(change)}.`, {
      setting,
      cure: 'Change it in HubSpot, map another field, or choose another prefix. Nothing is overwritten by itself.',
    }),
  )
  if (open.length > 0) {
    const names = open.slice(0, 5).map((change) => change.target)
    const more = open.length > names.length ? ` and ${open.length - names.length} more` : ''
    findings.push(
      finding('error', 'provisioning_needed', `HubSpot lacks ${names.join(', ')}${more}.`, {
        setting,
        cure: 'Run `millrace plan`, then `millrace apply`.',
      }),
    )
  }
  return findings.length > 0 ? findings : [finding('ok', 'schema_ready', 'Properties, keys and pipelines are as the contract needs them.')]
}

/** In which form events are told, where the portal decides. */
const eventFindings = async (portal: Portal, settings: Settings, ctx: DestinationContext): Promise<CheckFinding[]> => {
  if (settings.events !== 'auto' || !sendsEvents(ctx.contract)) return []
  if ((await eventForm(portal, settings, ctx)) === 'behavioural')
    return [finding('ok', 'events_as_events', 'Events are told as custom behavioural events.')]
  return [
    finding(
      'warning',
      'events_as_properties',
      'Events are told as times on the contact: this portal, or this token, has no custom behavioural events.',
      {
        setting: `connections.${ctx.connection}.accessToken`,
        cure: 'Nothing, if the portal is not Enterprise. Else grant analytics.behavioral_events.send and behavioral_events.event_definitions.read_write.',
      },
    ),
  ]
}

/** Token, account, currencies and schema, without writing anything; scopes too when asked in full, since only an empty write tells whether one is granted. */
export const checkPortal = async (
  portal: Portal,
  settings: Settings,
  ctx: DestinationContext,
  depth: 'quick' | 'full',
): Promise<CheckFinding[]> => {
  const findings = accountFindings(portal, ctx)
  const scopes = depth === 'full' ? await scopeFindings(portal, ctx) : []
  findings.push(...scopes)
  if (depth === 'full') findings.push(...(await needlessScopes(portal, settings, ctx)), ...(await consentFindings(portal, ctx)))
  try {
    findings.push(...(await eventFindings(portal, settings, ctx)), ...(await planFindings(portal, settings, ctx)))
  } catch (error) {
    if (!isMillraceError(error)) throw error
    // A scope that is missing is in the list already.
    if (!scopes.some((scope) => scope.code === error.code)) findings.push(failureFinding(error, ctx.connection))
  }
  return findings
}
