import type { Engine } from '../engine/engine.ts'
import { MillraceError } from '../error.ts'
import { emailHash, foldEmail } from '../identity/email.ts'
import { accountKey } from '../identity/person-keys.ts'
import type { CommerceRecord, Entity, RecordRef } from '../model/record.ts'
import type { Member } from '../spec/store.ts'

/** Whom to erase or tell of: by any e-mail of theirs, or an account. */
export type PersonRef = { email: string } | { source: string; id: string }

/** A person as the store knows them, under one identity. */
export interface FoundPerson {
  identity: string
  unit: string
  keys: string[]
  members: Member[]
}

/** Everybody that a reference means, under every identity. Throws MillraceError `reference_invalid`. */
export const findPeople = async (engine: Engine, ref: PersonRef): Promise<FoundPerson[]> => {
  const named = 'email' in ref ? await engine.store.unitsOfEmail(hashOf(ref.email)) : await unitsOfAccount(engine, ref)
  const people: FoundPerson[] = []
  for (const { identity, unit } of named) {
    const [keys = []] = await engine.store.aliasKeys(identity, [unit])
    const [members = []] = await engine.store.members(identity, [unit])
    people.push({ identity, unit, keys, members })
  }
  return people
}

const hashOf = (email: string): string => {
  const folded = foldEmail(email)
  if (folded !== undefined) return emailHash(folded)
  throw new MillraceError({ code: 'reference_invalid', message: 'This is no e-mail address. Give it as it is at the shop.' })
}

const unitsOfAccount = async (
  engine: Engine,
  { source, id }: { source: string; id: string },
): Promise<{ identity: string; unit: string }[]> => {
  const identities = [...new Set([...engine.connections.values()].map(({ identity }) => identity))]
  const units: { identity: string; unit: string }[] = []
  for (const identity of identities) {
    const [unit] = await engine.store.aliases(identity, [accountKey(source, id)])
    if (unit !== undefined) units.push({ identity, unit })
  }
  return units
}

/** A stored record with its content. */
export interface OwnRecord {
  ref: RecordRef
  record: CommerceRecord
}

const parsed = (ref: RecordRef, body: string | null): OwnRecord[] =>
  // The body was checked against the schema when it was stored.
  body === null ? [] : [{ ref, record: JSON.parse(body) as CommerceRecord }]

const pageSize = 1_000

/**
 * Every record of some people: accounts, orders, and carts and lists, which belong to nobody in the store and are looked for one by one. `emails` = in addition to those
 * of the records.
 */
export const recordsOf = async (
  engine: Engine,
  people: readonly FoundPerson[],
  emails: readonly string[],
  signal: AbortSignal,
): Promise<OwnRecord[]> => {
  const own = new Map<string, OwnRecord>()
  const put = (found: OwnRecord): void => void own.set(`${found.ref.source}/${found.ref.entity}/${found.ref.id}`, found)
  const orders: RecordRef[] = []
  for (const { record, fact } of people.flatMap(({ members }) => members)) {
    if (record !== null) parsed(record, record.body).forEach(put)
    if (fact !== null) orders.push({ source: fact.source, entity: 'order', id: fact.orderId })
  }
  const stored = orders.length === 0 ? [] : await engine.store.records(orders)
  orders.forEach((ref, index) => parsed(ref, stored[index]?.body ?? null).forEach(put))
  const known = new Set([...emails, ...emailsIn([...own.values()])].flatMap((email) => foldEmail(email) ?? []))
  const accounts = new Set([...own.values()].flatMap(({ ref }) => (ref.entity === 'customer' ? [`${ref.source}/${ref.id}`] : [])))
  for await (const found of storedOf(engine, ['cart', 'shopping-list'], signal)) {
    const { record, ref } = found
    if (record.entity !== 'cart' && record.entity !== 'shopping-list') continue
    const email = record.entity === 'cart' ? foldEmail(record.email) : undefined
    if (known.has(email ?? '') || accounts.has(`${ref.source}/${record.customerId ?? ''}`)) put(found)
  }
  return [...own.values()]
}

async function* storedOf(engine: Engine, entities: readonly Entity[], signal: AbortSignal): AsyncGenerator<OwnRecord> {
  for (const source of engine.sources.keys()) {
    for (const entity of entities) {
      for (let afterRid = 0; ;) {
        signal.throwIfAborted()
        const page = await engine.store.scan({ source, entity, afterRid, limit: pageSize, bodies: true })
        for (const { id, body } of page) yield* parsed({ source, entity, id }, body)
        if (page.length < pageSize) break
        afterRid = page.at(-1)?.rid ?? afterRid
      }
    }
  }
}

/** Every e-mail that stands in some records, each once. */
export const emailsIn = (records: readonly OwnRecord[]): string[] => [
  ...new Set(
    records.flatMap(({ record }) => {
      if (record.entity !== 'customer' && record.entity !== 'order' && record.entity !== 'cart') return []
      const addresses = record.entity === 'customer' ? record.addresses : [record.shippingAddress]
      return [record.email, ...addresses.map((address) => address?.email)].flatMap((email) =>
        email === undefined || email === '' ? [] : [email],
      )
    }),
  ),
]

/** Every phone number that stands in some accounts, each once. */
export const phonesIn = (records: readonly OwnRecord[]): string[] =>
  [
    ...new Set(
      records.flatMap(({ record }) =>
        record.entity === 'customer' ? [record.phone, ...record.addresses.flatMap(({ phone, mobile }) => [phone, mobile])] : [],
      ),
    ),
  ].flatMap((phone) => (phone === undefined || phone === '' ? [] : [phone]))
