/** An unchanged resync: how many records a second are read, compared with what the store holds, and found to be the same. Floor: 60,000. */
import { createMillrace, customerSchema, type Change, type Customer, type Source } from '@millrace/core'
import { recordingDestination, scriptedSource } from '@millrace/core/testing'
import { sqlite } from '@millrace/store-sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const total = process.argv.includes('--quick') ? 10_000 : 200_000
const pageSize = 500
const floor = 60_000

const customer = (index: number): Customer =>
  customerSchema.parse({
    entity: 'customer',
    id: `customer-${String(index).padStart(8, '0')}`,
    customerNumber: String(100_000 + index),
    createdAt: '2025-01-01T00:00:00.000Z',
    modifiedAt: '2026-01-01T00:00:00.000Z',
    email: `buyer.${index}@example.com`,
    emailVerified: true,
    firstName: 'Željka',
    lastName: `Müller-${index}`,
    dateOfBirth: '1980-02-29',
    locale: 'de-DE',
    groups: [{ id: 'g1', key: 'retail', name: 'Retail' }],
    stores: ['berlin'],
    billingAddress: { streetName: 'Hauptstraße', streetNumber: '1', postalCode: '10115', city: 'Berlin', country: 'DE', phone: '+49 30 123456' },
    shippingAddress: { streetName: 'Hauptstraße', streetNumber: '1', postalCode: '10115', city: 'Berlin', country: 'DE' },
    consents: [{ channel: 'email', status: 'granted', at: '2025-01-01T00:00:00.000Z', source: 'checkout' }],
    custom: { newsletter: true, tier: 'gold', points: 1234, preferred: { key: 'x', label: 'X' }, tags: ['a', 'b'] },
  })

const changes = Array.from({ length: total }, (_, index): Change => {
  const record = customer(index)
  return { type: 'upsert', record, version: { customer: 1 }, modifiedAt: Date.parse(record.modifiedAt) }
})

const { ids: _ids, ...scripted } = scriptedSource()
const source: Source = {
  ...scripted,
  entities: ['customer'],
  async *read() {
    for (let start = 0; start < total; start += pageSize) yield { changes: changes.slice(start, start + pageSize), cursor: String(start) }
  },
}

const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'))
const destination = recordingDestination()
const millrace = createMillrace({
  sources: { shop: source },
  connections: { crm: { destination: { ...destination, deliver: deliverNothing, find: async () => [] } } },
  store: sqlite({ path: join(folder, 'bench.db') }),
})

async function* deliverNothing(inputs: Parameters<typeof destination.deliver>[0]): ReturnType<typeof destination.deliver> {
  yield inputs.map((input) => ({ unit: input.unit, remoteId: input.key, result: 'delivered', created: true }) as const)
}

const timed = async (label: string): Promise<number> => {
  const started = performance.now()
  const report = await millrace.backfill({ drainMs: 0 })
  const rate = Math.round(total / ((performance.now() - started) / 1000))
  console.log(`${label}: ${rate.toLocaleString('en')} records/s (${report.sources['shop']?.customer?.changed} changed, ${report.run.status})`)
  return rate
}

try {
  await timed('first pass, ingest and deliver')
  const rates = [await timed('unchanged resync'), await timed('unchanged resync'), await timed('unchanged resync')]
  const best = rates.toSorted((a, b) => a - b)[1] ?? 0
  console.log(`unchanged resync, median: ${best.toLocaleString('en')} records/s, floor ${floor.toLocaleString('en')}: ${best >= floor ? 'PASS' : 'FAIL'}`)
  process.exitCode = best >= floor ? 0 : 1
} finally {
  console.log((await millrace.status()).connections['crm']?.problems, (await millrace.deadLetters.list())[0])
  await millrace.close()
  rmSync(folder, { recursive: true, force: true })
}
