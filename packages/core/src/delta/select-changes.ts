import type { CommerceRecord, Entity } from '../model/record.ts'
import type { Change, SourceVersion } from '../model/change.ts'
import type { Source, SourceContext } from '../spec/source.ts'
import type { IngestPage, RecordHead, Store } from '../spec/store.ts'
import { compareVersions } from './compare-versions.ts'
import { offeredHash, refOf, validate, type Valid } from './validate.ts'

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
  /** Content equal, version newer, and nothing depends on its stamp. */
  touched: Selected[]
  rejected: IngestPage['rejected']
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
  const looked = engine.store.heads(changes.map((change) => ({ source: engine.sourceName, ...refOf(change) })))
  // While the store looks, this thread hashes.
  const offered = changes.map(offeredHash)
  const heads = await looked
  const latest = new Map<string, { change: Valid; head: RecordHead | undefined }>()
  for (const [index, change] of changes.entries()) {
    const head = heads[index]
    const valid = validate(change, head, offered[index], selection.rejected)
    if (valid === undefined) continue
    const { entity, id } = refOf(valid)
    const before = latest.get(`${entity}:${id}`)
    if (before === undefined || compareVersions(before.change.version, valid.version) !== 'older')
      latest.set(`${entity}:${id}`, { change: valid, head })
  }
  for (const { change, head } of latest.values()) {
    const settled = await settle(engine, change, head, selection.rejected)
    if (settled === undefined) continue
    const chosen = select(settled, head)
    if (chosen === undefined) continue
    selection[chosen.body === undefined && !chosen.deleted ? 'touched' : 'changed'].push(chosen)
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
    (order === 'same' && (head.deletedAt !== null || (engine.source.versioning === 'timestamp' && change.hash !== head.contentHash)))
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
  return compareVersions(head.version, fresh.version) === 'older' ? undefined : validate(fresh, undefined, offeredHash(fresh), rejected)
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
  const { hash } = change
  const isKnown = hash === head?.contentHash && head.deletedAt === null
  const order = head === undefined ? 'newer' : compareVersions(head.version, change.version)
  if (order === 'same' && isKnown) return undefined
  return {
    ...base,
    deleted: false,
    record: change.record,
    body: isKnown && !isProfile(change.record) ? undefined : JSON.stringify(change.record),
    contentHash: hash,
  }
}

/** Of the profiles of one person the newest counts, so that here the stamp alone is news. */
const isProfile = (record: CommerceRecord): boolean =>
  record.entity === 'customer' || (record.entity === 'order' && record.customerId === undefined)
