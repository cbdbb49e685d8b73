import { PropertyCreate } from '@hubspot/api-client/lib/codegen/crm/properties/index.js'
import { chunk, type HttpReply } from '@millrace/adapter-kit'
import { MillraceError, type DestinationContext, type PlanChange } from '@millrace/core'
import type { DesiredProperty } from './desired-property.ts'
import { eventRequests } from './event-definitions.ts'
import { recordError } from './errors.ts'
import { asList, asText, isObject, member } from './json.ts'
import { contactTypeId } from './lists.ts'
import type { Details } from './plan.ts'
import type { Portal } from './portal.ts'
import { sdk, sdkRequest, type SdkRequest } from './sdk.ts'

const kinds = new Set<unknown>(['group', 'property', 'options', 'pipeline', 'stage', 'list', 'event'])

// The details are our own plan's, handed through by core as plain data; the kind tells whether they are.
const isDetails = (details: unknown): details is Details => isObject(details) && kinds.has(details['kind'])

/**
 * Makes the changes of a plan, groups before properties. What was made meanwhile by somebody else is fine. Drift is never touched. Throws MillraceError
 * `provisioning_refused` naming what HubSpot refused; what was made until then stays, and the next plan no longer holds it.
 */
export const applyChanges = async (portal: Portal, changes: readonly PlanChange[], ctx: DestinationContext): Promise<void> => {
  const wanted = changes.flatMap(({ details }) => (isDetails(details) ? [details] : []))
  const { signal } = ctx
  try {
    for (const one of wanted)
      if (one.kind === 'group')
        await make(
          portal,
          sdkRequest(sdk.propertyGroups.create(one.type, { name: one.name, label: one.label })),
          `property group ${one.name}`,
          signal,
        )
    const properties = wanted.flatMap((one) => (one.kind === 'property' ? [one] : []))
    for (const [type, group] of Map.groupBy(properties, (one) => one.type)) {
      for (const batch of chunk(
        group.map((one) => one.property),
        100,
      ))
        await createProperties(portal, type, batch, signal)
    }
    for (const one of wanted) {
      if (one.kind === 'options') await addOptions(portal, one, signal)
      if (one.kind === 'pipeline') {
        const { type, label, displayOrder, stages } = one
        await make(portal, sdkRequest(sdk.pipelines.create(type, { label, displayOrder, stages })), `pipeline ${label}`, signal)
      }
      if (one.kind === 'stage')
        await make(portal, sdkRequest(sdk.stages.create(one.type, one.pipelineId, one.stage)), `stage ${one.stage.label}`, signal)
      if (one.kind === 'event')
        await make(portal, Promise.resolve(eventRequests.define(one.definition)), `event ${one.definition.name}`, signal)
      if (one.kind === 'list') {
        const list = { name: one.name, objectTypeId: contactTypeId, processingType: 'MANUAL' }
        await make(portal, sdkRequest(sdk.lists.create(list)), `list ${one.name}`, signal)
      }
    }
  } finally {
    portal.forgetSchema()
  }
}

const refused = (what: string, body: unknown, status: number): MillraceError =>
  new MillraceError({
    code: 'provisioning_refused',
    scope: 'destination',
    message: `HubSpot refused to create the ${what}; its answer is in the context. Create or correct it by hand, then run \`millrace plan\` again.`,
    context: recordError(body, {}, { status }).context,
  })

const make = async (portal: Portal, request: Promise<SdkRequest>, what: string, signal: AbortSignal): Promise<HttpReply> => {
  const call = `creating the ${what}`
  const reply = await portal.send(request, { call, signal })
  if ((reply.status >= 200 && reply.status < 300) || reply.status === 409) return reply
  if (reply.status === 400) throw refused(what, reply.body, reply.status)
  throw portal.error(reply, call)
}

const exists = (error: unknown): boolean =>
  /EXISTS|CONFLICT/i.test(asText(member(error, 'category')) ?? '') || /already exists/i.test(asText(member(error, 'message')) ?? '')

// The SDK's enums lack field types that the API has (`phonenumber`), so the values are set past them.
const toCreate = (property: DesiredProperty): PropertyCreate =>
  Object.assign(new PropertyCreate(), property, { formField: false, hidden: false })

const createProperties = async (
  portal: Portal,
  type: string,
  properties: readonly DesiredProperty[],
  signal: AbortSignal,
): Promise<void> => {
  const what = `properties of ${type}`
  const reply = await make(portal, sdkRequest(sdk.propertyBatch.create(type, { inputs: properties.map(toCreate) })), what, signal)
  const problem = asList(member(reply.body, 'errors')).find((error) => !exists(error))
  if (problem !== undefined) throw refused(what, problem, reply.status)
  // One existing property may have refused the whole batch: the others are made one by one.
  if (reply.status !== 409) return
  for (const property of properties)
    await make(portal, sdkRequest(sdk.properties.create(type, toCreate(property))), `property ${type}.${property.name}`, signal)
}

/** HubSpot replaces the whole list, so it is read again right before it is written: options that people added since the plan stay. */
const addOptions = async (
  portal: Portal,
  { type, name, options }: Extract<Details, { kind: 'options' }>,
  signal: AbortSignal,
): Promise<void> => {
  portal.forgetSchema()
  const property = (await portal.properties(type, signal)).get(name)
  if (property === undefined) return
  const known = new Set(property.options.map((option) => option.value))
  const labels = new Set(property.options.map((option) => option.label.toLowerCase()))
  const last = Math.max(-1, ...property.options.map((option) => option.displayOrder))
  const added = options
    .filter((option) => !known.has(option.value))
    .map((option, index) => ({
      ...option,
      displayOrder: last + 1 + index,
      label: labels.has(option.label.toLowerCase()) ? `${option.label} (${option.value})` : option.label,
    }))
  if (added.length === 0) return
  await make(
    portal,
    sdkRequest(sdk.properties.update(type, name, { options: [...property.options, ...added] })),
    `options of ${type}.${name}`,
    signal,
  )
}
