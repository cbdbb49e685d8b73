import type { DestinationContext, FieldRule, PlanChange } from '@millrace/core'
import { desiredDefinition, eventProperty, isEventName, type DesiredDefinition } from './event-definitions.ts'
import { eventForm, eventNames, sendsEvents } from './event-form.ts'
import { planProperties } from './plan-properties.ts'
import type { Portal } from './portal.ts'
import type { Settings } from './settings.ts'
import { targets } from './target.ts'

/** What `apply` does for a definition of an event. */
export interface DefinitionDetails {
  kind: 'event'
  definition: DesiredDefinition
}

/** Which definitions of events are missing, or which times on the contact where the portal takes no behavioural events. */
export const planEvents = async (portal: Portal, settings: Settings, ctx: DestinationContext): Promise<PlanChange[]> => {
  const { contract } = ctx
  if (!sendsEvents(contract)) return []
  if ((await eventForm(portal, settings, ctx)) === 'properties') {
    const schema = await portal.properties('contacts', ctx.signal)
    const fields = Object.fromEntries(eventNames(contract).map((name) => [eventProperty(name), timeOf(name)]))
    // Our own key is planned with the contact itself.
    return planProperties({ target: targets.contact, fields }, schema, contract).filter(({ target }) => target.endsWith('_event_at'))
  }
  const definitions = (await portal.eventDefinitions(ctx.signal)) ?? new Map<string, { properties: ReadonlySet<string> }>()
  return [...wantedFields(ctx)].flatMap(([name, fields]): PlanChange[] => {
    const target = `event ${name}`
    const misnamed = [name, ...Object.keys(fields)].filter((each) => !isEventName(each))
    if (misnamed.length > 0) {
      const want = 'lower-case letters, digits and underscores, starting with a letter, at most 50'
      return [{ action: 'drift', target, differences: [{ path: 'name', have: misnamed, want }], destructive: false }]
    }
    const have = definitions.get(name)
    if (have === undefined) {
      const definition = desiredDefinition(name, fields)
      const differences = [{ path: 'properties', have: undefined, want: Object.keys(fields) }]
      const details: DefinitionDetails = { kind: 'event', definition }
      return [{ action: 'create', target, differences, destructive: false, details }]
    }
    const missing = Object.keys(fields).filter((field) => !have.properties.has(field))
    if (missing.length === 0) return []
    const differences = [{ path: 'properties', have: [...have.properties], want: [...have.properties, ...missing] }]
    return [{ action: 'drift', target, differences, destructive: false }]
  })
}

const timeOf = (name: string): FieldRule => ({
  type: 'datetime',
  label: `Last ${name.replaceAll('_', ' ')}`,
  value: { op: 'path', path: 'occurredAt' },
  purpose: 'When this last happened. This portal has no custom behavioural events.',
})

/** The properties that each event needs. Two types may go out under one name. */
const wantedFields = ({ contract }: DestinationContext): Map<string, Record<string, FieldRule>> => {
  const common = contract.objects['event']?.fields ?? {}
  const wanted = new Map<string, Record<string, FieldRule>>()
  for (const { name, fields } of Object.values(contract.events)) {
    if (name !== undefined) wanted.set(name, { ...common, ...wanted.get(name), ...fields })
  }
  return wanted
}
