/**
 * End to end over HTTP on loopback: a shop of customers, orders with lines and products into a portal, both in another process and without rate limits. Records a
 * second and requests per 1,000 records, for a first backfill and for the same again. At a real vendor its rate limits decide, so the requests are the figure
 * that lasts.
 */
import { createMillrace } from '@millrace/core'
import { hubspot } from '@millrace/destination-hubspot'
import { commercetools } from '@millrace/source-commercetools'
import { sqlite } from '@millrace/store-sqlite'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { machineLine, printFigures, ratesOf } from './lib/report.ts'
import type { Figure } from './lib/report.ts'
import type { Requests, Vendors } from './lib/vendors.ts'

const size = process.argv.includes('--quick') ? [300, 750, 100] : [2000, 5000, 500]
const child = fork(new URL('./lib/vendors.ts', import.meta.url), size.map(String))
const [vendors] = (await once(child, 'message')) as [Vendors]
const requests = async (): Promise<Requests> => {
  child.send('requests')
  return ((await once(child, 'message')) as [Requests])[0]
}

const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'))
const millrace = createMillrace({
  sources: { shop: commercetools({ ...vendors.shop, settleMs: 0 }) },
  connections: { hubspot: { destination: hubspot(vendors.portal), contract: { currencies: ['EUR', 'USD', 'JPY', 'KWD'] } } },
  store: sqlite({ path: join(folder, 'bench.db') }),
})
const records = Object.values(vendors.records).reduce((sum, count) => sum + count, 0)
const figures: Figure[] = []

const pass = async (name: string): Promise<void> => {
  const before = await requests()
  const rates = await ratesOf(1, records, async () => {
    const report = await millrace.backfill()
    if (report.run.status !== 'completed') throw new Error(`${name}: ${report.run.status}, ${JSON.stringify(report.problems)}`)
  })
  const after = await requests()
  const per = (count: number): { best: number; median: number } => ({ best: (count / records) * 1000, median: (count / records) * 1000 })
  figures.push(
    { name, unit: 'records/s', ...rates },
    { name: `${name}: requests to commercetools`, unit: 'per 1,000 records', ...per(after.shop - before.shop) },
    { name: `${name}: requests to HubSpot`, unit: 'per 1,000 records', ...per(after.portal - before.portal) },
  )
}

try {
  console.log(machineLine())
  await millrace.apply()
  await pass('backfill')
  console.log(`${JSON.stringify(vendors.records)} became ${JSON.stringify((await requests()).objects)}`)
  await pass('the same again')
  printFigures(figures)
} finally {
  await millrace.close()
  child.disconnect()
  rmSync(folder, { recursive: true, force: true })
}
