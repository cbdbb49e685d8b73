import type { Engine } from '../engine/engine.ts'
import type { CommerceEvent } from '../model/event.ts'
import type { CommerceRecord } from '../model/record.ts'
import { retentionOf } from '../operations/prune.ts'
import type { IngestPage, Raise, Store, StoredEvent } from '../spec/store.ts'
import type { StoreErasure } from '../spec/store-erasure.ts'
import { buyerOf } from './event-data.ts'
import { trackedTypes } from './event-traits.ts'
import { anybodyTakes, raisesOf } from './raise-events.ts'
import { personSubject, subjectOf, visitorSubject } from './subject.ts'

/** Among the aliases of the store, those of visitors: whose a visitor is does not depend on identity rules, so all connections share them. */
const visitors = 'visitors'
/** What a visitor did before so many other things is told of nobody. */
const memoryEvents = 100

/** From when on what a visitor did is remembered: nothing is kept of visitors for longer than it can be told. */
const rememberedSince = (engine: Engine): number => engine.clock.now() - retentionOf(engine).visitorDays * 24 * 60 * 60_000

/** That a visitor is a person: {@link visitorSubject} and {@link personSubject}. */
export interface Introduction {
  visitor: string
  person: string
  subject: CommerceEvent['subject']
}

/** What a page has to store because visitors are known now. `owners` = whose the visitors are that were said to be that person's. */
export interface Introduced extends Pick<IngestPage, 'aliases' | 'raises'> {
  owners: ReadonlyMap<string, string>
}

/**
 * Makes visitors known. The first person that a visitor turns out to be is the only one ever: a device that two people use shows the second one nothing of the first.
 * Raises what the visitor did lately (`retention.visitorDays`), 100 events at most, and was told of nobody so far. Called in the turn of ingestion, so that no two decide at once.
 */
export const introduce = async (engine: Engine, source: string, introductions: readonly Introduction[]): Promise<Introduced> => {
  const connections = [...engine.connections.values()]
  const owners = new Map<string, string>()
  const page: Introduced = { aliases: [], raises: [], owners }
  if (introductions.length === 0 || !anybodyTakes(connections, ...trackedTypes)) return page
  const said = Map.groupBy(introductions, ({ visitor }) => visitor)
  const known = await engine.store.aliases(visitors, [...said.keys()])
  for (const [index, [visitor, [first, ...later]]] of [...said].entries()) {
    const owner = known[index] ?? first?.person
    if (owner === undefined || ![first, ...later].some((each) => each?.person === owner)) continue
    owners.set(visitor, owner)
    if (known[index] === undefined) page.aliases.push({ identity: visitors, key: visitor, unit: owner })
    const kept = await engine.store.eventsAbout({ subjects: [visitor], types: trackedTypes, since: rememberedSince(engine) })
    page.raises.push(...(await untold(engine, source, kept.slice(-memoryEvents))))
  }
  return page
}

/** Raises of events that no connection was raised for before: what was told, or was settled otherwise, stays so. */
const untold = async (engine: Engine, source: string, kept: readonly StoredEvent[]): Promise<Raise[]> => {
  const raises: Raise[] = []
  for (const connection of engine.connections.values()) {
    const wanted = kept.flatMap((event) => (event.body === null ? [] : raisesOf([connection], source, event, { cause: 'push' })))
    const states = wanted.length === 0 ? [] : await engine.store.links(connection.name, wanted)
    raises.push(...wanted.filter((_, index) => states[index] === undefined))
  }
  return raises
}

/** The visitors that orders and carts of a page make known. What was touched before anything could be kept brings nothing. */
export const introductionsOf = (engine: Engine, source: string, records: readonly (CommerceRecord | undefined)[]): Introduction[] => {
  const since = rememberedSince(engine)
  return records.flatMap((record) => {
    if ((record?.entity !== 'order' && record?.entity !== 'cart') || Date.parse(record.modifiedAt) < since) return []
    return introductionOf(source, buyerOf(record)) ?? []
  })
}

/** What a subject that names a visitor and a person says. */
export const introductionOf = (source: string, subject: CommerceEvent['subject']): Introduction | undefined => {
  const person = personSubject(source, subject)
  if (subject.anonymousId === undefined || person === undefined) return undefined
  return { visitor: visitorSubject(source, subject.anonymousId), person, subject }
}

/** Subjects of people and of the visitors that they turned out to be. */
export const withVisitors = async (store: Pick<Store, 'aliasKeys'>, subjects: readonly string[]): Promise<string[]> => [
  ...subjects,
  ...(await store.aliasKeys(visitors, subjects)).flat(),
]

/** The people of {@link StoreErasure} by whom the store forgets whose the visitors were. */
export const visitorsOf = (subjects: readonly string[]): StoreErasure['people'] => subjects.map((unit) => ({ identity: visitors, unit }))

/** Whom the visitors of some events turned out to be, by the {@link visitorSubject}. */
export const knownVisitors = async (
  store: Pick<Store, 'aliases'>,
  events: readonly { source: string; event: CommerceEvent }[],
): Promise<Map<string, string>> => {
  const subjects = events.flatMap(({ source, event }) => subjectOf(source, event) ?? [])
  const keys = [...new Set(subjects.filter((subject) => subject.startsWith('anonymous:')))]
  const people = keys.length === 0 ? [] : await store.aliases(visitors, keys)
  return new Map(
    keys.flatMap((key, index) => {
      const person = people[index]
      return person === undefined ? [] : [[key, person] as const]
    }),
  )
}
