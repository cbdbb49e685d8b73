import { sqlite } from '@millrace/store-sqlite'
import type { IngestPage, Store } from '@millrace/core'
import { hash } from 'node:crypto'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { machineLine, printFigures, ratesOf } from './lib/report.ts'
import type { Figure } from './lib/report.ts'

/**
 * The store alone, through its public interface: ingest of records with bodies of about 1 KB, settled deliveries with one connection and with four, and the
 * look-ups of a pass in which nothing changed. `--quick` uses 100,000 records instead of 1,000,000.
 */
const quick = process.argv.includes('--quick')
const recordCount = quick ? 100_000 : 1_000_000
const rounds = 5
/** Deliveries settled in a round. */
const roundCount = quick ? 8_000 : 40_000
const pageSize = 1000
const connections = ['one', 'two', 'three', 'four']

/** Ids as shops have them: random, so that index pages are met in no order. */
const idOf = (index: number): string => {
  const text = hash('md5', `customer ${index}`)
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`
}

const bodyOf = (id: string): string =>
  JSON.stringify({
    entity: 'customer',
    id,
    email: `${id}@example.org`,
    firstName: 'Ada',
    lastName: 'Lovelace',
    custom: { note: id.repeat(24) },
  })

const pageOf = (token: string, start: number): IngestPage => {
  const ids = Array.from({ length: Math.min(pageSize, recordCount - start) }, (_, offset) => idOf(start + offset))
  const bodies = ids.map(bodyOf)
  const units = ids.map((id) => `customer:shop:${id}`)
  return {
    token,
    source: 'shop',
    records: ids.map((id, index) => ({
      id,
      entity: 'customer',
      baseRevision: 0,
      version: { customer: 1 },
      modifiedAt: 1_700_000_000_000 + start + index,
      contentHash: hash('sha256', bodies[index] ?? ''),
      body: bodies[index] ?? '',
    })),
    aliases: [],
    joins: [],
    members: ids.map((id, index) => ({ identity: 'default', unit: units[index] ?? id, entity: 'customer', id, role: 'account' })),
    raises: units.flatMap((unit) =>
      connections.map((connection) => ({
        connection,
        object: 'contact',
        unit,
        kind: 'person' as const,
        cause: 'backfill' as const,
        priority: 3,
      })),
    ),
    rejected: [],
    cursor: { source: 'shop', entity: 'customer', mode: 'full', high: null, from: null, to: start, position: String(start) },
    now: 1_700_000_000_000,
  }
}

const fill = async (store: Store, token: string, from: number, count: number): Promise<void> => {
  let pending: Promise<unknown> = Promise.resolve()
  for (let start = from; start < from + count; start += pageSize) {
    const page = pageOf(token, start)
    await pending
    pending = store.ingest(page)
  }
  await pending
}

/** Claims and settles pages of one connection until `count` deliveries are done. */
const drain = async (store: Store, token: string, connection: string, count: number): Promise<void> => {
  for (let done = 0; done < count;) {
    const claimed = await store.claim({ token, connection, limits: { contact: pageSize }, now: 1_700_000_100_000 })
    if (claimed.length === 0) throw new Error(`Nothing left to claim for ${connection}`)
    await store.settle(
      token,
      'run-1',
      claimed.map(({ did, sending, unit }) => ({
        did,
        sending,
        to: 'settled',
        result: 'created',
        remoteId: String(10_000_000 + did),
        fingerprint: hash('sha256', unit, 'base64'),
      })),
      1_700_000_100_000,
    )
    done += claimed.length
  }
}

interface SourceRecord {
  id: string
  body: string
}

/** What a source hands over, made before the clock starts. */
const read = (from: number, count: number): SourceRecord[] =>
  Array.from({ length: count }, (_, offset) => {
    const id = idOf(from + offset)
    return { id, body: bodyOf(id) }
  })

/** What a pass does in which nothing changed: hash the content, look up the head, compare. Two pages are under way at a time. */
const resync = async (store: Store, records: readonly SourceRecord[]): Promise<void> => {
  const check = async (page: readonly SourceRecord[]): Promise<void> => {
    const hashes = page.map(({ body }) => hash('sha256', body))
    const heads = await store.heads(page.map(({ id }) => ({ source: 'shop', entity: 'customer', id })))
    if (heads.some((head, index) => head?.contentHash !== hashes[index])) throw new Error('A record changed by itself')
  }
  let pending: Promise<void> = Promise.resolve()
  for (let start = 0; start < records.length; start += 500) {
    const next = check(records.slice(start, start + 500))
    await pending
    pending = next
  }
  await pending
}

const directory = await mkdtemp(join(tmpdir(), 'millrace-bench-'))
const path = join(directory, 'store.db')
const store = sqlite({ path })
try {
  console.log(machineLine())
  const token = await store.acquire('bench')
  const figures: Figure[] = []
  const part = recordCount / rounds
  figures.push({
    name: 'ingest (1 KB bodies, 4 deliveries each)',
    unit: 'records/s',
    ...(await ratesOf(rounds, part, (round) => fill(store, token, round * part, part))),
  })
  console.log(`${recordCount.toLocaleString('en-US')} records, ${((await stat(path)).size / 2 ** 30).toFixed(2)} GiB`)
  figures.push({
    name: 'settled deliveries, one connection',
    unit: '/s',
    floor: 20_000,
    ...(await ratesOf(rounds, roundCount, () => drain(store, token, 'one', roundCount))),
  })
  figures.push({
    name: 'settled deliveries, four connections',
    unit: '/s',
    floor: 40_000,
    ...(await ratesOf(rounds, roundCount, async () => {
      await Promise.all(connections.map((connection) => drain(store, token, connection, roundCount / connections.length)))
    })),
  })
  const source = Array.from({ length: rounds }, (_, round) => read(round * part, roundCount))
  figures.push({
    name: 'unchanged records looked up and hashed',
    unit: '/s',
    floor: 60_000,
    ...(await ratesOf(rounds, roundCount, (round) => resync(store, source[round] ?? []))),
  })
  figures.push({ name: 'counts of all states', unit: '/s', ...(await ratesOf(rounds, 1, async () => void (await store.counts()))) })
  if (!printFigures(figures)) process.exitCode = 1
} finally {
  await store.close()
  await rm(directory, { recursive: true, force: true })
}
