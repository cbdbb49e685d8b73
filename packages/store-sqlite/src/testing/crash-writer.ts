import { writeSync } from 'node:fs'
import { sqlite } from '../sqlite.ts'

/**
 * A program that works through pages until it is killed, for `crash.test.ts`. Page `n` brings record `n` in revision 1 and its delivery; every claimed row is
 * settled with a remote id made from its unit. What was acknowledged is told on standard output before the next command: `page <n>`, `settled <unit>`.
 */
const store = sqlite({ path: process.argv[2] ?? '' })
const token = await store.acquire('crash writer')
const say = (line: string): number => writeSync(1, `${line}\n`)
const cursor = await store.cursor('shop', 'customer', 'delta')

for (let page = Number(cursor?.position ?? 0) + 1; ; page += 1) {
  const id = String(page)
  await store.ingest({
    token,
    source: 'shop',
    records: [
      { id, entity: 'customer', baseRevision: 0, version: { customer: 1 }, modifiedAt: 1, contentHash: id, body: `{"id":"${id}"}` },
    ],
    aliases: [],
    joins: [],
    members: [{ identity: 'default', unit: id, entity: 'customer', id, role: 'account' }],
    raises: [{ connection: 'crm', object: 'contact', unit: id, kind: 'person', cause: 'delta', priority: 2 }],
    rejected: [],
    cursor: { source: 'shop', entity: 'customer', mode: 'delta', high: page, from: null, to: null, position: id },
    now: page,
  })
  say(`page ${page}`)
  if (page % 3 !== 0) continue
  const claimed = await store.claim({ token, connection: 'crm', limits: { contact: 10 }, now: page })
  await store.settle(
    token,
    'run',
    claimed.map(({ did, sending, unit }) => ({ did, sending, to: 'settled', result: 'created', remoteId: `remote ${unit}` })),
    page,
  )
  for (const { unit } of claimed) say(`settled ${unit}`)
}
