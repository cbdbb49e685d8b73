import type { Engine } from '../engine/engine.ts'
import { MillraceError } from '../error.ts'
import { eventTraits } from '../events/event-traits.ts'
import { ingestEvent, takes } from '../events/raise-events.ts'
import { eventSchema, eventTypes, type CommerceEvent } from '../model/event.ts'
import { sourceUnknown } from './source-unknown.ts'

const fromOutside = eventTypes.filter((type) => eventTraits[type].origin === 'outside')

const invalid = (index: number, what: string): MillraceError =>
  new MillraceError({ code: 'event_invalid', message: `Event ${index + 1} was not taken, nor any other of this call: ${what}` })

/**
 * Keeps events that no record tells. What records tell cannot be claimed from outside. Returns how many of them some connection takes; throws MillraceError
 * `event_invalid` or `source_unknown` before anything is kept.
 */
export const track = async (engine: Engine, token: string, source: string, events: readonly unknown[]): Promise<number> => {
  if (!engine.sources.has(source)) throw sourceUnknown(engine, source)
  const parsed = events.map((event, index): CommerceEvent => {
    const { data, error } = eventSchema.safeParse(event)
    const [issue] = error?.issues ?? []
    if (data === undefined) throw invalid(index, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it is no event'}.`)
    if (!fromOutside.includes(data.type))
      throw invalid(index, `records tell ${data.type} by themselves. From outside come ${fromOutside.join(', ')}.`)
    return data
  })
  const connections = [...engine.connections.values()]
  const taken = parsed.filter(({ type }) => connections.some((connection) => takes(connection, type)))
  if (taken.length === 0) return 0
  await engine.store.ingest({
    token,
    source,
    records: [],
    aliases: [],
    joins: [],
    members: [],
    raises: [],
    rejected: [],
    events: taken.map((event) => ingestEvent(connections, source, event, { cause: 'push', told: false })),
    now: engine.clock.now(),
  })
  return taken.length
}
