import type { Change } from '../model/change.ts'
import type { CommerceRecord, Entity } from '../model/record.ts'
import { MillraceError } from '../error.ts'
import type { ReadWindow, Source, SourcePage, Versioning } from '../spec/source.ts'

/** A record of a scripted source: as it is now, or gone. */
interface Row {
  entity: Entity
  id: string
  modifiedAt: number
  change: Change
}

/** A source over a plain list, for tests of the engine and of destinations. */
export interface ScriptedSource extends Source {
  /** Adds or replaces a record. The version counts up by itself unless given. */
  put(record: CommerceRecord, version?: Record<string, number>): void
  remove(entity: Entity, id: string): void
  /** Moves the source's clock, epoch ms. */
  setNow(now: number): void
  /** Called before each page is handed out, so that a test can change the shop while it is being read. */
  beforePage: (entity: Entity, page: number) => void
}

/** Makes a source whose content is set by the test. Reads by keyset on (modifiedAt, id), or by id in full reads, as a real one does. */
export const scriptedSource = (options: { pageSize?: number; versioning?: Versioning; now?: number } = {}): ScriptedSource => {
  const rows = new Map<string, Row>()
  const pageSize = options.pageSize ?? 100
  let now = options.now ?? Date.parse('2026-06-01T00:00:00.000Z')
  let counter = 0

  /** Whether a row comes behind the cursor. */
  const behind = ({ cursor, mode }: ReadWindow): ((row: Row) => boolean) => {
    if (cursor === undefined) return () => true
    const [at = '', ...id] = cursor.split('|')
    const [lastAt, lastId] = [Number(at), id.join('|')]
    return (row) => (mode === 'full' ? row.id > lastId : row.modifiedAt > lastAt || (row.modifiedAt === lastAt && row.id > lastId))
  }
  const sorted = (entity: Entity, window: ReadWindow): Row[] => {
    const isBehind = behind(window)
    return [...rows.values()]
      .filter((row) => row.entity === entity && row.modifiedAt <= window.to && row.modifiedAt >= (window.from ?? 0) && isBehind(row))
      .toSorted((a, b) => (window.mode === 'full' || a.modifiedAt === b.modifiedAt ? (a.id < b.id ? -1 : 1) : a.modifiedAt - b.modifiedAt))
  }

  async function* read(entity: Entity, window: ReadWindow): AsyncGenerator<SourcePage> {
    let cursor = window.cursor
    for (let page = 0; ; page++) {
      source.beforePage(entity, page)
      const found = sorted(entity, cursor === undefined ? window : { ...window, cursor }).slice(0, pageSize)
      const last = found.at(-1)
      if (last === undefined) return
      cursor = `${last.modifiedAt}|${last.id}`
      yield { changes: found.map((row) => row.change), cursor }
    }
  }

  const source: ScriptedSource = {
    specificationVersion: 'v1',
    name: 'scripted',
    entities: ['category', 'product', 'company', 'customer', 'order', 'cart', 'shopping-list'],
    versioning: options.versioning ?? 'parts',
    settleMs: 0,
    overlapMs: 0,
    check: async () => [],
    now: async () => now,
    read,
    get: async (entity, id) => rows.get(`${entity}:${id}`)?.change,
    decode(payload) {
      const { entity, id, version = 0 } = (payload ?? {}) as { entity?: string; id?: string; version?: number }
      if (entity === undefined || id === undefined)
        throw new MillraceError({ code: 'notification_invalid', message: 'It names no record.' })
      if (entity === 'subscription') return { type: 'ignored', reason: 'a test message' }
      return { type: 'notice', notice: { key: `${entity}:${id}`, version, at: now, data: { entity, id } } }
    },
    async fetch(notices) {
      return notices.map(({ key, data }) => {
        const change = rows.get(`${data['entity']}:${data['id']}`)?.change
        return { key, changes: change === undefined ? [] : [change] }
      })
    },
    async *ids(entity) {
      yield [...rows.values()].filter((row) => row.entity === entity).map((row) => row.id)
    },
    count: async (entity) => [...rows.values()].filter((row) => row.entity === entity).length,
    put: (record, version) => {
      const modifiedAt = Date.parse(record.modifiedAt)
      counter += 1
      const change: Change = { type: 'upsert', record, version: version ?? { [record.entity]: counter }, modifiedAt }
      rows.set(`${record.entity}:${record.id}`, { entity: record.entity, id: record.id, modifiedAt, change })
    },
    remove: (entity, id) => {
      rows.delete(`${entity}:${id}`)
    },
    setNow: (value) => {
      now = value
    },
    beforePage: () => {},
  }
  return source
}
