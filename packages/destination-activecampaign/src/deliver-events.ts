import { deliverEach } from '@millrace/adapter-kit'
import { MillraceError, type DestinationContext, type FieldValue, type Input, type Outcome } from '@millrace/core'
import type { Account } from './account.ts'
import { isSuccess } from './client.ts'
import { emailOf, encodeFields } from './contact-values.ts'
import { unconfirmed } from './errors.ts'
import { eventForm, eventName, type EventForm } from './event-form.ts'
import { member, textOf } from './json.ts'
import { readStatuses } from './list-status.ts'
import { addTag, putOnList } from './memberships.ts'

const refused = (code: string, message: string, more: { scope?: 'destination'; field?: string } = {}): MillraceError =>
  new MillraceError({ code, message, ...more, context: { applied: 'no' } })

/** Plain data beside the fact. `null` is left out. */
const payload = ({ fields }: Input): Record<string, FieldValue> =>
  Object.fromEntries(Object.entries(fields).filter(([name, value]) => name !== 'email' && value !== null))

const addressOf = async (account: Account, input: Input, ctx: DestinationContext): Promise<string> => {
  const buyer = input.parents[0]?.remoteId
  const held = buyer === undefined ? undefined : (await account.addresses.of([buyer], ctx.signal)).get(buyer)
  const email = held ?? emailOf(input)
  if (email === undefined)
    throw refused('no_email', 'ActiveCampaign tells people apart by their address, and this event has none.', { field: 'email' })
  return email
}

/** What a refused event means: the answer is a 200 with a sentence (vendor notes, "Errors"). */
const refusal = (body: unknown): MillraceError => {
  const said = textOf(body, 'message') ?? ''
  if (/account|\bkey\b|actid/i.test(said))
    return refused(
      'credentials_rejected',
      'ActiveCampaign refused the account id or the event key. Check the settings under Settings > Tracking > Event Tracking; the event key is not the API key.',
      {
        scope: 'destination',
        field: 'tracking.eventKey',
      },
    )
  if (/enabled|disabled|turned off/i.test(said))
    return refused('event_tracking_off', 'Event tracking is switched off in the account. Run `millrace apply`, or switch it on there.', {
      scope: 'destination',
    })
  return refused(
    'event_refused',
    'ActiveCampaign did not take the event: its name may be unknown to the account, or the address is none. Run `millrace plan`, then replay.',
  )
}

/** Sends an event to the tracking host. It has no time and no id of its own, so ours go into its data. */
const track = async (account: Account, input: Input, ctx: DestinationContext): Promise<void> => {
  const { event } = input
  const form = new URLSearchParams({
    event: eventName(event?.name ?? event?.type ?? input.key),
    eventdata: JSON.stringify({
      id: event?.id ?? input.key,
      ...(event === undefined ? {} : { occurredAt: event.occurredAt }),
      ...payload(input),
    }),
    visit: JSON.stringify({ email: await addressOf(account, input, ctx) }),
  })
  const reply = await account.client.track(form, ctx.signal)
  if (reply === undefined)
    throw refused(
      'event_tracking_off',
      'The settings of the connection have no `tracking`, so events cannot be sent. Add it, or give the event another form.',
      { scope: 'destination' },
    )
  if (!isSuccess(reply)) throw account.client.error(reply, 'event', 'record')
  const success = member(reply.body, 'success')
  if (success === undefined) throw unconfirmed('event')
  if (Number(success) !== 1) throw refusal(reply.body)
}

const ofNobody = (): MillraceError => refused('order_of_nobody', 'The event belongs to nobody who is in ActiveCampaign.')

const contactOf = (input: Input): string => {
  const contact = input.parents[0]?.remoteId
  if (contact === undefined) throw ofNobody()
  return contact
}

const tag = async (account: Account, input: Input, ctx: DestinationContext): Promise<void> => {
  await addTag(account, contactOf(input), input.event?.name ?? input.event?.type ?? '', ctx.signal)
}

/** Writes the time of the event into a field of the contact, which may start an automation. */
const field = async (account: Account, input: Input, ctx: DestinationContext): Promise<void> => {
  const call = 'update of a contact'
  const name = input.event?.name ?? ''
  const encoded = encodeFields({ [name]: input.event?.occurredAt ?? null }, [name], await account.schema.get(ctx.signal))
  if ('error' in encoded) throw encoded.error
  const contact = contactOf(input)
  const body = { contact: { fieldValues: encoded.values.custom } }
  const reply = await account.client.send({ method: 'PUT', path: `contacts/${contact}`, body, call, signal: ctx.signal, idempotent: true })
  if (!isSuccess(reply)) throw account.client.error(reply, call, 'record')
  if (textOf(member(reply.body, 'contact'), 'id') !== contact) throw unconfirmed(call)
}

/** Puts the contact on a list, unless they left it or their address bounced there. */
const list = async (account: Account, input: Input, ctx: DestinationContext): Promise<void> => {
  const name = input.event?.name ?? ''
  const id = (await account.lists.get(ctx.signal, [name])).get(name.toLowerCase())
  if (id === undefined)
    throw refused('list_unknown', `ActiveCampaign has no list "${name}". Name the list of the event by its id or name.`, { field: name })
  const contact = contactOf(input)
  const statuses = await readStatuses(account.client, contact, ctx.signal)
  if (statuses === undefined) throw ofNobody()
  const status = statuses.get(id)?.status
  if (status === undefined || status === '0') await putOnList(account, { contact, list: id, status: '1' }, name, ctx.signal)
}

const send: Readonly<Record<EventForm, (account: Account, input: Input, ctx: DestinationContext) => Promise<void>>> = {
  event: track,
  tag,
  field,
  list,
  // The order or cart itself tells it; its own write starts the automations of orders and carts.
  order: () => Promise.resolve(),
}

const guard = (input: Input): void => {
  if (input.cause === 'backfill')
    throw refused(
      'event_historical',
      'ActiveCampaign stamps events with the time they arrive, so what happened before go-live is never sent.',
    )
  // A replay is a person's decision.
  if (input.uncertain && input.cause !== 'replay')
    throw refused(
      'event_outcome_unknown',
      'An earlier attempt may have reached ActiveCampaign, which cannot tell a repetition. Look at the contact, then replay or discard.',
    )
}

const deliverEvent = async (account: Account, input: Input, ctx: DestinationContext): Promise<Outcome> => {
  const form = eventForm(input.event)
  if (form === 'event') guard(input)
  await send[form](account, input, ctx)
  return { unit: input.unit, result: 'delivered', created: true, remoteId: input.event?.id ?? input.key }
}

/** Delivers events one by one, each in the form that the contract chose. */
export async function* deliverEvents(account: Account, inputs: readonly Input[], ctx: DestinationContext): AsyncGenerator<Outcome[]> {
  yield* deliverEach(inputs, { concurrency: 1, signal: ctx.signal, deliver: (input) => deliverEvent(account, input, ctx) })
}
