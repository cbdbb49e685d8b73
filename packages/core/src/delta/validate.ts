import type { Change } from '../model/change.ts'
import { recordSchema, type CommerceRecord, type Entity } from '../model/record.ts'
import type { IngestPage, RecordHead } from '../spec/store.ts'
import { contentHash } from './content-hash.ts'

/** A change that can be trusted: its record is canonical, and `hash` is that of its content. */
export type Valid = (Extract<Change, { type: 'upsert' }> & { hash: string }) | Extract<Change, { type: 'delete' }>

/** Entity and id of whatever changed. */
export const refOf = (change: Change): { entity: Entity; id: string } =>
  change.type === 'upsert' ? { entity: change.record.entity, id: change.record.id } : { entity: change.entity, id: change.id }

/** Hash of a record as the source gave it; undefined for what is no record or cannot be written as JSON. */
export const offeredHash = (change: Change): string | undefined => {
  if (change.type !== 'upsert') return undefined
  try {
    return contentHash(change.record)
  } catch {
    return undefined
  }
}

const rawLimit = 100_000

const rawText = (value: unknown): string => {
  try {
    return (JSON.stringify(value) ?? 'null').slice(0, rawLimit)
  } catch {
    // A cycle or a BigInt: which one, the problem says.
    return 'null'
  }
}

/**
 * Checks a change; what is not a canonical record goes to `rejected`. A record whose `offered` hash is the stored one is the same text as what was checked when
 * it was stored (checking a canonical record gives the same text again), so only what differs is checked: an unchanged pass costs a hash for each record.
 */
export const validate = (
  change: Change,
  head: RecordHead | undefined,
  offered: string | undefined,
  rejected: IngestPage['rejected'],
): Valid | undefined => {
  if (change.type === 'delete') return change
  if (change.type === 'invalid') {
    rejected.push({
      ...refOf(change),
      version: change.version,
      problem: change.problem,
      field: change.field ?? null,
      raw: rawText(change.raw),
    })
    return undefined
  }
  // What counts as deleted may be stored with its body again.
  if (offered !== undefined && offered === head?.contentHash && head.deletedAt === null) return { ...change, hash: offered }
  const parsed = offered === undefined ? unwritable : parse(change.record)
  if (parsed.success) return { ...change, record: parsed.data, hash: contentHash(parsed.data) }
  const issue = parsed.error.issues[0]
  rejected.push({
    ...refOf(change),
    version: change.version,
    problem: issue?.message ?? 'not a canonical record',
    field: issue?.path.map(String).join('.') ?? null,
    raw: rawText(change.record),
  })
  return undefined
}

const failure = (message: string): { success: false; error: { issues: { message: string; path: PropertyKey[] }[] } } => ({
  success: false,
  error: { issues: [{ message, path: [] }] },
})

const unwritable = failure('a record that cannot be written as JSON: it holds a BigInt or itself')

const parse = (record: CommerceRecord): ReturnType<typeof recordSchema.safeParse> | typeof unwritable => {
  try {
    return recordSchema.safeParse(record)
  } catch {
    return failure('a record that is nested too deeply')
  }
}
