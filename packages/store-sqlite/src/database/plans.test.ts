import { describe, expect, it } from 'vitest'
import { freshPaths } from '../testing/fresh-path.ts'
import { claim } from './claim.ts'
import { openConnection } from './connection.ts'
import type { Connection } from './connection.ts'
import { matching } from './deliveries.ts'
import { dueCarts, events } from './events.ts'
import { ingest } from './ingest.ts'
import { journal } from './journal.ts'
import { aliases, aliasKeys, members } from './people.ts'
import { refColumns } from '../head-columns.ts'
import { headColumns, records, scan } from './records.ts'
import { settle } from './settle.ts'
import { links, nextAt, tickets } from './views.ts'
import { dueOffers, watchers } from './watched.ts'

const freshPath = freshPaths()

/** Runs commands that meet every hot statement, and gives back the statements. */
const hotStatements = (connection: Connection): string[] => {
  const seen = new Set<string>()
  const watched: Connection = {
    ...connection,
    prepare: (sql) => {
      seen.add(sql)
      return connection.prepare(sql)
    },
  }
  const refs = [{ source: 'shop', entity: 'customer', id: '1' }] as const
  const member = { identity: 'default', unit: 'a', entity: 'customer', id: '1', role: 'account' } as const
  const raise = { connection: 'crm', object: 'contact', kind: 'person', cause: 'delta', priority: 2 } as const
  ingest(watched, {
    token: '',
    source: 'shop',
    records: [{ ...refs[0], baseRevision: 0, version: { customer: 1 }, modifiedAt: 1, contentHash: 'h', body: '{}' }],
    aliases: [{ identity: 'default', key: 'k', unit: 'a' }],
    joins: [{ identity: 'default', from: 'b', into: 'a', connections: ['crm'] }],
    members: [member],
    raises: [
      { ...raise, unit: 'a' },
      { ...raise, unit: 'b' },
      { ...raise, unit: 'c', object: 'deal', kind: 'order' },
    ],
    events: [
      {
        source: 'shop',
        id: 'order.placed:1',
        type: 'order.placed',
        occurredAt: 1,
        subject: 'customer:shop:1',
        body: '{}',
        raises: [{ ...raise, unit: 'event:shop:order.placed:1', object: 'event', kind: 'event' }],
      },
    ],
    carts: [{ id: '1', dueAt: 1 }],
    watched: [{ list: 'l', customer: 'c', items: [{ sku: 's', since: 1 }] }],
    offers: [
      { id: '1', at: 1, body: '{}', position: null },
      { id: '2', body: null },
    ],
    rejected: [],
    now: 1,
  })
  ingest(watched, {
    token: '',
    source: 'shop',
    records: [],
    aliases: [{ identity: 'default', key: 'k', unit: null }],
    joins: [{ identity: 'default', from: 'c', into: 'a', connections: ['crm'] }],
    members: [],
    raises: [],
    rejected: [],
    now: 1,
  })
  const [first] = claim(watched, { connection: 'crm', limits: { contact: 1, deal: 1 }, now: 9 })
  if (first) settle(watched, 'run', [{ did: first.did, sending: first.sending, to: 'settled', result: 'created', remoteId: 'r' }], 9)
  headColumns(watched, refColumns(refs))
  events(watched, [{ source: 'shop', id: 'order.placed:1' }])
  dueCarts(watched, { source: 'shop', upTo: 9, limit: 1 })
  dueOffers(watched, { source: 'shop', upTo: 9, limit: 1 })
  watchers(watched, { source: 'shop', sku: 's', upTo: 9, after: null, limit: 1 })
  records(watched, refs)
  scan(watched, { source: 'shop', entity: 'customer', afterRid: 0, limit: 1, bodies: true })
  aliases(watched, 'default', ['k'])
  aliasKeys(watched, 'default', ['a'])
  members(watched, 'default', ['a'])
  links(watched, 'crm', [{ object: 'contact', unit: 'a' }])
  tickets(watched, 'crm', 9, 1)
  nextAt(watched, 'crm')
  journal(watched, { unit: 'a', limit: 1 })
  matching(watched, { unit: 'a' }, { afterDid: 0, limit: 1 })
  matching(watched, { state: 'dead' }, { afterDid: 0, limit: 1 })
  return [...seen].filter((sql) => !/^\s*(INSERT INTO|BEGIN|COMMIT)/.test(sql))
}

describe('query plans', () => {
  it('no hot statement walks a table or an identity, or sorts what it has found', () => {
    const connection = openConnection(freshPath())
    const statements = hotStatements(connection)
    expect(statements.length).toBeGreaterThan(25)
    for (const sql of statements) {
      const parameters = Array.from({ length: sql.split('?').length - 1 }, () => 1)
      const plan = connection.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters)
      for (const { detail } of plan) {
        expect(detail, sql).not.toMatch(/^SCAN (?!json_each)/)
        expect(detail, sql).not.toMatch(/PRIMARY KEY \((identity|source)=\?\)$/)
      }
      const details = plan.map((step) => step.detail)
      // The few rows of one unit may be sorted, and the journal of a few units.
      if (!details.some((detail) => /delivery_key|journal_unit/.test(detail))) {
        expect(
          details.filter((detail) => detail.includes('TEMP B-TREE')),
          sql,
        ).toEqual([])
      }
    }
    connection.close()
  })
})
