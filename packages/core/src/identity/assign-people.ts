import type { IdentityRules } from '../contract/contract.ts'
import type { CommerceRecord, Entity } from '../model/record.ts'
import type { IngestPage, MemberRole, Store } from '../spec/store.ts'
import { accountEmailKeys, accountKey, buyerKey } from './person-keys.ts'

/** A record to be assigned to its person, and what it was `before` where it is known and may have been somebody else's. */
export interface PersonRecord {
  entity: Entity
  id: string
  record: CommerceRecord
  before: CommerceRecord | undefined
}

/** Which person each record belongs to (`people`, by `<entity>:<id>`), and what has to be stored for it. */
export interface Assignment {
  people: Map<string, string>
  /** People that records were taken from, because they belong to somebody else now. */
  left: Set<string>
  aliases: IngestPage['aliases']
  joins: { identity: string; from: string; into: string }[]
  members: IngestPage['members']
}

interface Claim {
  /** Decides the person; a new one is named after it. */
  primary: string
  /** Also lead to the person. */
  others: string[]
  role: MemberRole
}

const claimOf = (source: string, record: CommerceRecord, rules: IdentityRules): Claim | undefined => {
  if (record.entity === 'customer') {
    return { primary: accountKey(source, record.id), others: accountEmailKeys(record, rules), role: 'account' }
  }
  if (record.entity !== 'order') return undefined
  const primary = buyerKey(source, record, rules)
  return primary === undefined ? undefined : { primary, others: [], role: record.customerId === undefined ? 'guest' : 'order' }
}

const isAccount = (key: string): boolean => key.startsWith('customer:')

/**
 * Joins records to people by their keys. A record whose keys lead to nobody makes a new person named after its primary key; keys that lead to several people
 * join them. With `accounts: 'separate'` an e-mail that another account owns leads nowhere. Pure but for the reads, so that the page can be tried again.
 */
export const assignPeople = async (
  store: Pick<Store, 'aliases' | 'aliasKeys'>,
  identity: string,
  rules: IdentityRules,
  source: string,
  records: readonly PersonRecord[],
): Promise<Assignment> => {
  const claims = records.flatMap((item) => {
    const claim = claimOf(source, item.record, rules)
    if (claim === undefined) return []
    const before = item.before === undefined ? undefined : claimOf(source, item.before, rules)
    return [{ item, claim, before, dropped: before?.others.filter((key) => !claim.others.includes(key)) ?? [] }]
  })
  const keys = [
    ...new Set(
      claims.flatMap(({ claim, before, dropped }) => [
        claim.primary,
        ...claim.others,
        ...dropped,
        ...(before === undefined ? [] : [before.primary]),
      ]),
    ),
  ].toSorted()
  const known = await store.aliases(identity, keys)
  const unitOf = new Map<string, string>()
  keys.forEach((key, index) => {
    const unit = known[index]
    if (unit !== undefined) unitOf.set(key, unit)
  })
  const owners =
    rules.accounts === 'separate' ? await accountsOf(store, identity, [...new Set(unitOf.values())]) : new Map<string, Set<string>>()

  const result: Assignment = { people: new Map(), left: new Set(), aliases: [], joins: [], members: [] }
  const point = (key: string, unit: string | null): void => {
    if (unit === null) unitOf.delete(key)
    else unitOf.set(key, unit)
    result.aliases.push({ identity, key, unit })
    if (unit !== null && isAccount(key)) owners.set(unit, (owners.get(unit) ?? new Set()).add(key))
  }
  const join = (from: string, into: string): void => {
    for (const [key, unit] of unitOf) if (unit === from) unitOf.set(key, into)
    for (const [key, unit] of result.people) if (unit === from) result.people.set(key, into)
    for (const member of result.members) if (member.unit === from) member.unit = into
    for (const key of owners.get(from) ?? []) owners.set(into, (owners.get(into) ?? new Set()).add(key))
    result.joins.push({ identity, from, into })
  }
  const ownedByAnother = (unit: string, account: string): boolean =>
    rules.accounts === 'separate' && [...(owners.get(unit) ?? [])].some((owner) => owner !== account)

  // What is given up first: an e-mail that one account passes on to another joins nobody.
  for (const { claim, dropped } of claims) for (const key of dropped) if (unitOf.get(key) === unitOf.get(claim.primary)) point(key, null)
  for (const { item, claim, before } of claims) {
    const open = claim.others.filter((key) => !ownedByAnother(unitOf.get(key) ?? '', claim.primary))
    const units = [...new Set([claim.primary, ...open].flatMap((key) => unitOf.get(key) ?? []))]
    const unit = units[0] ?? claim.primary
    for (const other of units.slice(1)) join(other, unit)
    for (const key of [claim.primary, ...open]) if (unitOf.get(key) !== unit) point(key, unit)
    result.people.set(`${item.entity}:${item.id}`, unit)
    result.members.push({ identity, unit, entity: item.entity, id: item.id, role: claim.role })
    const former = before === undefined ? undefined : unitOf.get(before.primary)
    if (former !== undefined && former !== unit) result.left.add(former)
  }
  for (const alias of result.aliases) if (alias.unit !== null) alias.unit = unitOf.get(alias.key) ?? alias.unit
  return result
}

const accountsOf = async (store: Pick<Store, 'aliasKeys'>, identity: string, units: string[]): Promise<Map<string, Set<string>>> => {
  const keys = await store.aliasKeys(identity, units)
  return new Map(units.map((unit, index) => [unit, new Set((keys[index] ?? []).filter(isAccount))]))
}
