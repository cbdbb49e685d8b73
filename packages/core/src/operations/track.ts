import { z } from 'zod'
import type { Engine } from '../engine/engine.ts'
import { erasedPeople } from '../erasure/without-erased.ts'
import { MillraceError } from '../error.ts'
import { trackedTypes } from '../events/event-traits.ts'
import { ingestEvent, takes } from '../events/raise-events.ts'
import { subjectOf } from '../events/subject.ts'
import { introduce, introductionOf, type Introduction } from '../events/visitors.ts'
import { eventSchema, type CommerceEvent } from '../model/event.ts'
import type { NoticeRef } from '../spec/store.ts'
import { sourceUnknown } from './source-unknown.ts'

/** Events from outside that were checked, and whose visitors they and the caller name. */
export interface Tracked {
  events: CommerceEvent[]
  introductions: Introduction[]
}

const identitySchema = z.strictObject({
  anonymousId: z.string().min(1).max(256),
  customerId: z.string().min(1).max(256).optional(),
  email: z.string().max(320).optional(),
})

const invalid = (what: string): MillraceError => new MillraceError({ code: 'event_invalid', message: what })
const invalidEvent = (index: number, what: string): MillraceError =>
  invalid(`Event ${index + 1} was not taken, nor any other of this call: ${what}`)

/**
 * Checks events that no record tells, and whose visitors are. What records tell cannot be claimed from outside. Throws MillraceError `event_invalid` or
 * `source_unknown`.
 */
export const parseTracked = (engine: Engine, source: string, events: readonly unknown[], identities: readonly unknown[]): Tracked => {
  if (!engine.sources.has(source)) throw sourceUnknown(engine, source)
  const parsed = events.map((event, index): CommerceEvent => {
    const { data, error } = eventSchema.safeParse(event)
    const [issue] = error?.issues ?? []
    if (data === undefined) throw invalidEvent(index, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it is no event'}.`)
    if (!trackedTypes.includes(data.type))
      throw invalidEvent(index, `records tell ${data.type} by themselves. From outside come ${trackedTypes.join(', ')}.`)
    if (data.type === 'checkout.started' && (data.data.cartId === undefined || data.id !== `checkout.started:${data.data.cartId}`))
      throw invalidEvent(index, 'a checkout.started needs data.cartId, and the id checkout.started:<cart>: records tell it too.')
    return data
  })
  const named = identities.map((identity, index) => {
    const introduction = introductionOf(source, identitySchema.safeParse(identity).data ?? {})
    if (introduction === undefined)
      throw invalid(`Identity ${index + 1} was not taken: it needs an anonymousId and a customerId or an email.`)
    return introduction
  })
  return { events: parsed, introductions: [...named, ...parsed.flatMap(({ subject }) => introductionOf(source, subject) ?? [])] }
}

/**
 * Keeps what some calls told, one after the other and in one transaction, but for what is about people who were erased; `notices` = those that held the calls, which
 * are forgotten with it. Returns how many events some connection takes.
 */
export const keepTracked = (
  engine: Engine,
  token: string,
  source: string,
  calls: readonly Tracked[],
  notices: readonly NoticeRef[] = [],
): Promise<number> =>
  engine.ingestInTurn(async () => {
    const connections = [...engine.connections.values()]
    const erased = await erasedPeople(engine)
    const isErased = ({ customerId, email }: CommerceEvent['subject']): boolean =>
      erased?.account(source, customerId) !== undefined || erased?.email(email) !== undefined
    const isTaken = ({ type, subject }: CommerceEvent): boolean =>
      !isErased(subject) && connections.some((connection) => takes(connection, type))
    const introductions = calls.map((call) => call.introductions.filter(({ subject }) => !isErased(subject)))
    const { aliases, raises, owners } = await introduce(engine, source, introductions.flat())
    /** The last call that names each visitor as the person whose it is. */
    const namedBy = new Map<string, number>()
    for (const [index, named] of introductions.entries())
      for (const { visitor, person } of named) if (owners.get(visitor) === person) namedBy.set(visitor, index)
    /** Of a visitor whom nobody names in the event's own call or a later one. */
    const isHeld = (event: CommerceEvent, call: number): boolean => {
      const subject = subjectOf(source, event) ?? ''
      return subject.startsWith('anonymous:') && (namedBy.get(subject) ?? -1) < call
    }
    const events = calls.flatMap((call, index) =>
      call.events
        .filter(isTaken)
        .map((event) => ingestEvent(connections, source, event, { cause: 'push', told: false, held: isHeld(event, index) })),
    )
    if (events.length + aliases.length + raises.length + notices.length === 0) return 0
    await engine.store.ingest({
      token,
      source,
      records: [],
      aliases,
      joins: [],
      members: [],
      raises,
      rejected: [],
      events,
      notices,
      now: engine.clock.now(),
    })
    return events.length
  })
