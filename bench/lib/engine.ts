import { createMillrace, type Change, type Millrace, type Source } from '@millrace/core'
import { recordingDestination, scriptedSource } from '@millrace/core/testing'
import { sqlite } from '@millrace/store-sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { customerId } from './customer.ts'

/** A whole engine on the SQLite store, and how many inputs its destination has seen. */
export interface BenchEngine {
  millrace: Millrace
  delivered(): number
  close(): Promise<void>
}

/** A source of customers that makes nothing before it is asked. `page` gives the changes of a range. */
export const customerSource = (total: number, page: (start: number, end: number) => Change[]): Source => {
  const pageSize = 500
  return {
    ...scriptedSource(),
    entities: ['customer'],
    async *read() {
      for (let start = 0; start < total; start += pageSize)
        yield { changes: page(start, Math.min(start + pageSize, total)), cursor: String(start) }
    },
    async *ids() {
      for (let start = 0; start < total; start += pageSize)
        yield Array.from({ length: Math.min(pageSize, total - start) }, (_, offset) => customerId(start + offset))
    },
  }
}

/** Opens an engine on a fresh store, with a destination that takes everything and keeps nothing. */
export const openEngine = (source: Source, options: Parameters<typeof recordingDestination>[0] = {}): BenchEngine => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'))
  let delivered = 0
  const destination: ReturnType<typeof recordingDestination> = {
    ...recordingDestination(options),
    async *deliver(inputs) {
      delivered += inputs.length
      yield inputs.map(({ unit, key }) => ({ unit, remoteId: key, result: 'delivered', created: true }))
    },
    find: async () => [],
  }
  const millrace = createMillrace({
    sources: { shop: source },
    connections: { crm: { destination } },
    store: sqlite({ path: join(folder, 'bench.db') }),
  })
  return {
    millrace,
    delivered: () => delivered,
    close: async () => {
      await millrace.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
