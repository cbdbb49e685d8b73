import { randomUUID } from 'node:crypto'
import { isMillraceError, type CheckFinding, type DestinationContext, type MillraceError, type PlanChange } from '@millrace/core'
import type { Api } from '../api.ts'
import { identityOf } from '../identity.ts'
import type { CrmSchema } from '../schema.ts'
import { planCrm } from './plan.ts'
import { runWrites, type Write } from './run-writes.ts'

const finding = (
  level: CheckFinding['level'],
  code: string,
  message: string,
  more: Pick<CheckFinding, 'setting' | 'cure'> = {},
): CheckFinding => ({
  level,
  code,
  message,
  ...more,
})

/** A failure as a finding about the settings. */
export const failureFinding = (error: MillraceError, connection: string): CheckFinding =>
  finding('error', error.code, error.message, {
    setting: `connections.${connection}.${['connection_failed', 'unexpected_redirect', 'not_found'].includes(error.code) ? 'baseUrl' : 'token'}`,
    cure: error.code === 'credentials_rejected' ? 'Give a token that the CRM knows.' : 'Mend what the message says, then run check again.',
  })

const told = ({ target, differences }: PlanChange): string =>
  `${target} (${differences.map(({ path, have, want }) => `${path}: is ${JSON.stringify(have ?? null)}, should be ${JSON.stringify(want)}`).join('; ')})`

const schemaFindings = (changes: readonly PlanChange[], ctx: DestinationContext): CheckFinding[] => {
  const setting = `connections.${ctx.connection}.contract`
  if (changes.length === 0) return [finding('ok', 'schema_ready', 'Attributes, lists and pipelines are as the contract needs them.')]
  return changes.map((change) => {
    const isOwner = change.differences.every(({ path }) => path === 'owner')
    return isOwner
      ? finding('warning', 'owned_by_crm', `What is written to ${change.target} is ignored there: it belongs to the CRM.`, {
          setting,
          cure: "Take the field out of the contract, or let the CRM's administrator hand it over.",
        })
      : finding('error', 'schema_mismatch', `The CRM differs from the contract: ${told(change)}.`, {
          setting,
          cure: "It cannot be made from outside: let the CRM's administrator define it, or change the contract.",
        })
  })
}

/** What the contract uses of what a CRM may lack. */
const uses = (ctx: DestinationContext): readonly (readonly [capability: string, used: boolean, what: string])[] => {
  const { objects, memberships } = ctx.contract
  return [
    ['consent', 'subscription' in objects, 'consents'],
    ['activities', 'activity' in objects, 'events'],
    ['orders', 'order' in objects, 'orders'],
    ['deals', 'deal' in objects, 'deals'],
    ['lists', memberships.length > 0, 'lists'],
  ]
}

const capabilityFindings = ({ capabilities }: CrmSchema, ctx: DestinationContext): CheckFinding[] =>
  uses(ctx).flatMap(([name, used, what]) =>
    used && capabilities[name] === false
      ? [
          finding('error', 'capability_missing', `The CRM says that it cannot keep ${what}.`, {
            setting: `connections.${ctx.connection}.contract`,
            cure: `Take ${what} out of the contract.`,
          }),
        ]
      : [],
  )

interface Probe extends Write {
  scope: string
}

/** Writes that cannot be applied, because their bodies lack everything: a scope is looked at before the body. */
const probesOf = (api: Api, ctx: DestinationContext): Probe[] => {
  const nobody = { ...identityOf(`millrace-check:${randomUUID()}`, ctx.contract.prefix) }
  const { objects, operations } = api.dialect
  const used = Object.keys(ctx.contract.objects)
  const list: (Omit<Probe, 'what' | 'idempotencyKey' | 'values'> | undefined)[] = [
    ...(['contact', 'order', 'deal'] as const).map((object) => {
      const operation = objects[object]?.operations.put
      return operation === undefined || !used.includes(object) ? undefined : { operation, scope: `${object}s:write` }
    }),
    objects['activity']?.operations.put === undefined || !used.includes('activity')
      ? undefined
      : { operation: objects['activity'].operations.put, scope: 'activities:write' },
    objects['contact']?.operations.erase === undefined
      ? undefined
      : { operation: objects['contact'].operations.erase, scope: 'contacts:erase' },
    operations.leaveList === undefined || ctx.contract.memberships.length === 0
      ? undefined
      : { operation: operations.leaveList, scope: 'lists:write' },
  ]
  return list.flatMap((probe) =>
    probe === undefined
      ? []
      : [
          {
            ...probe,
            values: { ...nobody, remoteId: 'millrace-check', list: 'millrace-check', body: {} },
            what: `probe of ${probe.scope}`,
            idempotencyKey: randomUUID(),
          },
        ],
  )
}

const scopeFindings = async (api: Api, ctx: DestinationContext): Promise<CheckFinding[]> => {
  const setting = `connections.${ctx.connection}.token`
  const missing: string[] = []
  const { reconcile } = api.dialect
  if (reconcile !== undefined) {
    const read = await api.transport.send(
      { operation: reconcile.operation, values: {}, query: { limit: 1 }, what: 'probe of contacts:read' },
      ctx,
    )
    if (read.status === 403) missing.push('contacts:read')
  }
  for await (const answers of runWrites(api, probesOf(api, ctx), ctx)) {
    for (const [{ scope }, { status }] of answers) if (status === 403) missing.push(scope)
  }
  if (missing.length === 0) return [finding('ok', 'scopes_granted', 'The token may do what the contract needs.')]
  return missing.map((scope) =>
    finding('error', 'scope_missing', `The token lacks the scope ${scope}.`, {
      setting,
      cure: 'Grant the scope in the CRM, then run check again.',
    }),
  )
}

/** Token, schema, capabilities; scopes too when asked in full. Nothing is written. */
export const checkCrm = async (api: Api, ctx: DestinationContext, depth: 'quick' | 'full'): Promise<CheckFinding[]> => {
  try {
    const changes = await planCrm(api, ctx)
    const schema = await api.schema(ctx)
    return [
      finding('ok', 'crm_reached', `${api.dialect.label} answers.`),
      ...schemaFindings(changes, ctx),
      ...capabilityFindings(schema, ctx),
      ...(depth === 'full' ? await scopeFindings(api, ctx) : []),
    ]
  } catch (error) {
    if (isMillraceError(error)) return [failureFinding(error, ctx.connection)]
    throw error
  }
}
