import { MillraceError, type DestinationContext, type PlanChange } from '@millrace/core'
import type { Account } from './account.ts'
import { isSuccess, type Call } from './client.ts'
import { isDuplicate, recordError } from './errors.ts'
import { fieldOf } from './field.ts'
import { member, textOf } from './json.ts'
import { isDetails, type Details } from './plan.ts'

/** Every list of the account, in a field's relation; and the group that the contact page of every account has. */
const allLists = 0
const defaultGroup = 1

const refused = (what: string, context: MillraceError['context']): MillraceError =>
  new MillraceError({
    code: 'provisioning_refused',
    scope: 'destination',
    message: `ActiveCampaign refused to create the ${what}; its answer is in the context. Create or correct it by hand, then run \`millrace plan\` again.`,
    context,
  })

/** Makes one thing. What was made meanwhile by somebody else is fine. */
const make = async ({ client }: Account, call: Omit<Call, 'call'>, what: string): Promise<unknown> => {
  const name = `creation of the ${what}`
  const reply = await client.send({ ...call, call: name })
  if (isSuccess(reply) || isDuplicate(reply.body)) return reply.body
  if (reply.status === 400 || reply.status === 422) throw refused(what, recordError(reply, name, []).context)
  throw client.error(reply, name)
}

/** A field is seen by nobody until it is in a group and related to lists. The relation comes last: it is what a later plan can read. */
const relate = async (account: Account, id: string, title: string, signal: AbortSignal): Promise<void> => {
  const groupMember = { rel_id: Number(id), group_id: defaultGroup, ordernum: null }
  await make(account, { method: 'POST', path: 'groupMembers', body: { groupMember }, signal }, `group of ${title}`)
  await make(
    account,
    { method: 'POST', path: 'fieldRels', body: { fieldRel: { field: Number(id), relid: allLists } }, signal },
    `relation of ${title}`,
  )
}

const addOptions = async (account: Account, id: string, options: readonly string[], signal: AbortSignal): Promise<void> => {
  if (options.length === 0) return
  const fieldOptions = options.map((value, index) => ({ field: id, orderid: index + 1, label: value, value, isdefault: false }))
  await make(account, { method: 'POST', path: 'fieldOption/bulk', body: { fieldOptions }, signal }, `options of field ${id}`)
}

const createField = async (account: Account, details: Extract<Details, { kind: 'field' }>, signal: AbortSignal): Promise<void> => {
  const { title, type, description, options } = details
  const field = { title, type, descript: description, perstag: title.toUpperCase(), visible: 1, ordernum: 0 }
  const body = await make(account, { method: 'POST', path: 'fields', body: { field }, signal }, `contact field ${title}`)
  account.schema.forget()
  const id = textOf(member(body, 'field'), 'id') ?? fieldOf(await account.schema.get(signal), title)?.id
  if (id === undefined) throw refused(`contact field ${title}`, {})
  await addOptions(account, id, options, signal)
  await relate(account, id, title, signal)
}

const applyOne = async (account: Account, details: Details, signal: AbortSignal): Promise<void> => {
  switch (details.kind) {
    case 'field':
      return createField(account, details, signal)
    case 'options':
      return addOptions(account, details.id, details.options, signal)
    case 'relation':
      return relate(account, details.id, `field ${details.id}`, signal)
    case 'connection':
      await account.connections.idOf(details.externalId, signal)
      return
    case 'tracking':
      await make(
        account,
        { method: 'PUT', path: 'eventTracking', body: { eventTracking: { enabled: true } }, signal, idempotent: true },
        'event tracking',
      )
      return
    case 'event':
      await make(
        account,
        { method: 'POST', path: 'eventTrackingEvents', body: { eventTrackingEvent: { name: details.name } }, signal },
        `event ${details.name}`,
      )
  }
}

/**
 * Makes the changes of a plan. Drift is never touched. Throws MillraceError `provisioning_refused` naming what was refused; what was made until then stays, and the
 * next plan no longer holds it.
 */
export const applyChanges = async (account: Account, changes: readonly PlanChange[], ctx: DestinationContext): Promise<void> => {
  try {
    for (const { details } of changes) if (isDetails(details)) await applyOne(account, details, ctx.signal)
  } finally {
    account.schema.forget()
    account.connections.forget()
  }
}
