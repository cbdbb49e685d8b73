import { recordSchema, type CommerceRecord, type Entity } from '../model/record.ts'
import type { Change, SourceVersion } from '../model/change.ts'
import type { Source, SourceContext } from '../spec/source.ts'
import type { IngestPage, RecordHead, Store } from '../spec/store.ts'
import { compareVersions } from './compare-versions.ts'
import { contentHash } from './content-hash.ts'

/** A record whose content is new to us. `body: undefined` with `record` = only deleted. */
export interface Selected {
  id: string
  entity: Entity
  head: RecordHead | undefined
  version: SourceVersion
  modifiedAt: number
  deleted: boolean
  record: CommerceRecord | undefined
  body: string | undefined
  contentHash: string
}

export interface Selection {
  changed: Selected[]
  /** Content equal, version newer. */
  touched: Selected[]
  rejected: IngestPage['rejected']
}

type Valid = Extract<Change, { type: 'upsert' | 'delete' }>

const refOf = (change: Change): { entity: Entity; id: string } =>
  change.type === 'upsert' ? { entity: change.record.entity, id: change.record.id } : { entity: change.entity, id: change.id }

const rawLimit = 100_000

const validate = (change: Change, rejected: IngestPage['rejected']): Valid | undefined => {
  if (change.type === 'delete') return change
  if (change.type === 'invalid') {
    const raw = (JSON.stringify(change.raw) ?? 'null').slice(0, rawLimit)
    rejected.push({ ...refOf(change), version: change.version, problem: change.problem, field: change.field ?? null, raw })
    return undefined
  }
  const parsed = recordSchema.safeParse(change.record)
  if (parsed.success) return { ...change, record: parsed.data }
  const issue = parsed.error.issues[0]
  const raw = JSON.stringify(change.record).slice(0, rawLimit)
  const field = issue?.path.map(String).join('.') ?? null
  rejected.push({ ...refOf(change), version: change.version, problem: issue?.message ?? 'not a canonical record', field, raw })
  return undefined
}

/**
 * Picks out of a page what is new: drops what is older or equal, reads again what is mixed (or equally stamped with other content where the source has no
 * versions, or of a record that counts as deleted), and puts aside what is not a canonical record. Several changes of one record in a page count once, the newest.
 */
export const selectChanges = async (
  engine: { store: Store; source: Source; sourceName: string; context: SourceContext },
  changes: readonly Change[],
): Promise<Selection> => {
  const selection: Selection = { changed: [], touched: [], rejected: [] }
  const latest = new Map<string, Valid>()
  for (const change of changes) {
    const valid = validate(change, selection.rejected)
    if (valid === undefined) continue
    const { entity, id } = refOf(valid)
    const before = latest.get(`${entity}:${id}`)
    if (before === undefined || compareVersions(before.version, valid.version) !== 'older') latest.set(`${entity}:${id}`, valid)
  }
  const refs = [...latest.values()].map((change) => ({ source: engine.sourceName, ...refOf(change) }))
  const heads = await engine.store.heads(refs)
  let index = 0
  for (const change of latest.values()) {
    const head = heads[index++]
    const settled = await settle(engine, change, head, selection.rejected)
    if (settled === undefined) continue
    const chosen = select(settled, head)
    if (chosen === undefined) continue
    selection[chosen.contentHash === head?.contentHash && chosen.deleted === (head.deletedAt !== null) ? 'touched' : 'changed'].push(chosen)
  }
  return selection
}

const settle = async (
  engine: { source: Source; context: SourceContext },
  change: Valid,
  head: RecordHead | undefined,
  rejected: IngestPage['rejected'],
): Promise<Valid | undefined> => {
  if (head === undefined) return change
  const order = compareVersions(head.version, change.version)
  if (change.type === 'delete') return order === 'mixed' ? await readAgain(engine, change, head, rejected) : change
  if (order === 'older') return undefined
  // Of a deleted record: a page read before the deletion, or one that was taken for gone and is not.
  const ambiguous =
    order === 'mixed' ||
    (order === 'same' &&
      (head.deletedAt !== null || (engine.source.versioning === 'timestamp' && contentHash(change.record) !== head.contentHash)))
  return ambiguous ? await readAgain(engine, change, head, rejected) : change
}

/** The record as the source has it now, unless that answer is itself older than what is stored. */
const readAgain = async (
  engine: { source: Source; context: SourceContext },
  change: Valid,
  head: RecordHead,
  rejected: IngestPage['rejected'],
): Promise<Valid | undefined> => {
  const { entity, id } = refOf(change)
  const fresh = await engine.source.get(entity, id, engine.context, change.version)
  if (fresh === undefined) return change.type === 'delete' ? change : undefined
  return compareVersions(head.version, fresh.version) === 'older' ? undefined : validate(fresh, rejected)
}

const select = (change: Valid, head: RecordHead | undefined): Selected | undefined => {
  const base = { ...refOf(change), head, version: change.version, modifiedAt: change.modifiedAt }
  if (change.type === 'delete') {
    if (head === undefined || head.deletedAt !== null) return undefined
    return {
      ...base,
      version: { ...head.version, ...change.version },
      deleted: true,
      record: undefined,
      body: undefined,
      contentHash: head.contentHash,
    }
  }
  const hash = contentHash(change.record)
  const order = head === undefined ? 'newer' : compareVersions(head.version, change.version)
  if (order === 'same' && hash === head?.contentHash && head.deletedAt === null) return undefined
  return {
    ...base,
    deleted: false,
    record: change.record,
    body: hash === head?.contentHash && head.deletedAt === null ? undefined : JSON.stringify(change.record),
    contentHash: hash,
  }
}
