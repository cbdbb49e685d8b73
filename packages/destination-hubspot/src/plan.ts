import type { DestinationContext, PlanChange } from '@millrace/core'
import { asList, asText, member } from './json.ts'
import { planEvents, type DefinitionDetails } from './plan-events.ts'
import { planLists, type ListDetails } from './plan-lists.ts'
import { planPipelines, type PipelineDetails } from './plan-pipelines.ts'
import { planProperties, type PropertyDetails } from './plan-properties.ts'
import type { Portal } from './portal.ts'
import type { Settings } from './settings.ts'
import { sdk, sdkRequest } from './sdk.ts'
import { groupName } from './desired-property.ts'
import { usedTargets } from './target.ts'

/** What `apply` does for a change of the plan. */
export type Details =
  | { kind: 'group'; type: string; name: string; label: string }
  | PropertyDetails
  | PipelineDetails
  | ListDetails
  | DefinitionDetails

const readGroups = async (portal: Portal, type: string, signal: AbortSignal): Promise<Set<string>> => {
  const reply = await portal.require(sdkRequest(sdk.propertyGroups.getAll(type)), { call: `property groups of ${type}`, signal })
  return new Set(asList(member(reply.body, 'results')).flatMap((group) => asText(member(group, 'name')) ?? []))
}

/** Compares what the contract needs with what the portal has, read anew: groups, properties, unique keys, options, pipelines, stages, lists, events. */
export const planPortal = async (portal: Portal, settings: Settings, ctx: DestinationContext): Promise<PlanChange[]> => {
  portal.forgetSchema()
  const { prefix } = ctx.contract
  const group = groupName(prefix)
  const plans = await Promise.all(
    usedTargets(ctx.contract).map(async (used): Promise<PlanChange[]> => {
      const { type } = used.target
      const [groups, schema] = await Promise.all([readGroups(portal, type, ctx.signal), portal.properties(type, ctx.signal)])
      const changes = planProperties(used, schema, ctx.contract)
      if (groups.has(group) || !changes.some((change) => change.action === 'create')) return changes
      const label = `${prefix.charAt(0).toUpperCase()}${prefix.slice(1)} commerce`
      const details: Details = { kind: 'group', type, name: group, label }
      return [
        {
          action: 'create',
          target: `property group ${type}/${group}`,
          differences: [{ path: 'label', have: undefined, want: label }],
          destructive: false,
          details,
        },
        ...changes,
      ]
    }),
  )
  return [
    ...plans.flat(),
    ...(await planPipelines(portal, ctx)),
    ...(await planLists(portal, ctx)),
    ...(await planEvents(portal, settings, ctx)),
  ]
}
