import { isMillraceError, type CheckFinding, type DestinationContext, type MillraceError, type PlanChange } from '@millrace/core'
import type { Account } from './account.ts'
import { desiredFields, planAccount, trackedEvents } from './plan.ts'

const finding = (
  level: CheckFinding['level'],
  code: string,
  message: string,
  more: Pick<CheckFinding, 'setting' | 'cure'> = {},
): CheckFinding => ({ level, code, message, ...more })

/** Turns a failure into a finding about the connection's settings. */
export const failureFinding = (error: MillraceError, connection: string): CheckFinding => {
  const setting = error.code === 'connection_failed' ? 'apiUrl' : (error.field ?? 'apiToken')
  const cure =
    error.code === 'connection_failed'
      ? 'Check the address under Settings > Developer, DNS and firewall.'
      : error.code === 'credentials_rejected'
        ? 'Copy the key under Settings > Developer again, or give its user the permission.'
        : 'See the message; try again later if ActiveCampaign is down.'
  return finding('error', error.code, error.message, { setting: `connections.${connection}.${setting}`, cure })
}

const describe = ({ target, differences }: PlanChange): string =>
  `${target} (${differences.map(({ path, have, want }) => `${path}: is ${JSON.stringify(have ?? null)}, should be ${JSON.stringify(want)}`).join('; ')})`

const planFindings = async (account: Account, ctx: DestinationContext): Promise<CheckFinding[]> => {
  const changes = await planAccount(account, ctx)
  const setting = `connections.${ctx.connection}.contract`
  const drift = changes.filter(({ action }) => action === 'drift')
  const open = changes.filter(({ action }) => action !== 'drift')
  const findings = drift.map((change) =>
    finding('error', 'schema_drift', `ActiveCampaign differs from the contract: ${describe(change)}.`, {
      setting,
      cure: 'Change or create it in ActiveCampaign, or correct the contract. Nothing is overwritten by itself.',
    }),
  )
  if (open.length > 0) {
    const names = open.slice(0, 5).map(({ target }) => target)
    const more = open.length > names.length ? ` and ${open.length - names.length} more` : ''
    findings.push(
      finding('error', 'provisioning_needed', `ActiveCampaign lacks ${names.join(', ')}${more}.`, {
        setting,
        cure: 'Run `millrace plan`, then `millrace apply`.',
      }),
    )
  }
  return findings.length > 0
    ? findings
    : [finding('ok', 'schema_ready', 'Contact fields, connections, events and lists are as the contract needs them.')]
}

/** What a key's user may see. Writing needs the same permissions; nothing is written to find out. */
const areas = ['contacts', 'lists', 'tags', 'connections', 'ecomOrders'] as const

const permissionFindings = async ({ client }: Account, ctx: DestinationContext): Promise<CheckFinding[]> => {
  const missing: string[] = []
  for (const path of areas) {
    const reply = await client.send({ method: 'GET', path, query: { limit: 1 }, call: `list of ${path}`, signal: ctx.signal })
    if (reply.status === 403) missing.push(path)
    else if (reply.status !== 200) throw client.error(reply, `list of ${path}`)
  }
  if (missing.length === areas.length || missing.length === 0)
    return missing.length === 0 ? [finding('ok', 'scopes_granted', `The key may read ${areas.join(', ')}.`)] : []
  return [
    finding('error', 'scope_missing', `The user of the key may not see ${missing.join(', ')}.`, {
      setting: `connections.${ctx.connection}.apiToken`,
      cure: 'Give the group of that user the permission under Settings > Users and Groups, or use the key of another user.',
    }),
  ]
}

/** What is wrong with the contract beyond what the account has. */
const contractFindings = (account: Account, { contract, connection }: DestinationContext): CheckFinding[] => {
  const findings: CheckFinding[] = []
  const setting = `connections.${connection}`
  if (trackedEvents(contract).length > 0 && account.settings.tracking === undefined)
    findings.push(
      finding('error', 'event_tracking_off', 'The contract sends events to event tracking, but the settings have no `tracking`.', {
        setting: `${setting}.tracking`,
        cure: 'Add accountId and eventKey (Settings > Tracking > Event Tracking), or give the events another form with `as`.',
      }),
    )
  const topics = Object.entries(contract.consent.topics).filter(([, { channel, target }]) => channel === 'email' && target === undefined)
  for (const [topic] of topics)
    findings.push(
      finding('error', 'list_unknown', `The consent topic "${topic}" has no target.`, {
        setting: `${setting}.contract.consent.topics.${topic}`,
        cure: 'Give the id or name of a list as target.',
      }),
    )
  const targets = new Set(Object.values(contract.consent.topics).map(({ target }) => target))
  for (const { kind, name } of contract.memberships)
    if (kind === 'list' && name !== undefined && targets.has(name))
      findings.push(
        finding(
          'warning',
          'list_used_twice',
          `The list "${name}" is the target of a consent topic and a membership: consent wins, and leaving the membership counts as an opt-out.`,
          {
            setting: `${setting}.contract.memberships`,
            cure: 'Use a tag for the segment, or another list.',
          },
        ),
      )
  return findings
}

/** A few reads: the key and what the contract needs of the account. */
const quick = async (account: Account, ctx: DestinationContext): Promise<CheckFinding[]> => {
  account.schema.forget()
  const schema = await account.schema.get(ctx.signal)
  const missing = desiredFields(ctx.contract).filter(({ title }) => !schema.has(title.toLowerCase()))
  if (missing.length === 0) return [finding('ok', 'schema_ready', 'The account answers, and its contact fields are there.')]
  return planFindings(account, ctx)
}

/** Key and contact fields; asked in full also connections, event tracking, lists and permissions. Nothing is written. */
export const checkAccount = async (account: Account, ctx: DestinationContext, depth: 'quick' | 'full'): Promise<CheckFinding[]> => {
  try {
    const findings = contractFindings(account, ctx)
    if (depth === 'quick') return [...findings, ...(await quick(account, ctx))]
    const permissions = await permissionFindings(account, ctx)
    return [...findings, ...permissions, ...(await planFindings(account, ctx))]
  } catch (error) {
    if (isMillraceError(error)) return [failureFinding(error, ctx.connection)]
    throw error
  }
}
