/**
 * An unchanged resync through the whole engine: how many records a second are read, compared with what the store holds, and found to be the same. Once as the
 * sources of this repository hand records over (they come through the schema), once as plain JSON in another order of keys, which has to be checked first.
 */
import type { Change } from '@millrace/core'
import { changeOf } from './lib/customer.ts'
import { customerSource, openEngine } from './lib/engine.ts'
import { machineLine, printFigures, ratesOf } from './lib/report.ts'

const total = process.argv.includes('--quick') ? 10_000 : 100_000
const rounds = 3

/** The same record with its keys turned round. */
const otherwise = (change: Change): Change =>
  change.type === 'upsert'
    ? { ...change, record: Object.fromEntries(Object.entries(change.record).toReversed()) as typeof change.record }
    : change

// Made before the clock starts: what is measured is Millrace, not a shop.
const inSchemaOrder = Array.from({ length: total }, (_, index) => changeOf(index))
let changes = inSchemaOrder
const { ids: _ids, ...source } = customerSource(total, (start, end) => changes.slice(start, end))
const engine = openEngine(source)

/** One pass; throws when it finds anything but `changed` changes, since then something else was measured. */
const pass = async (changed: number): Promise<void> => {
  const report = await engine.millrace.backfill()
  const found = report.sources['shop']?.customer?.changed
  if (report.run.status !== 'completed' || found !== changed) throw new Error(`${report.run.status}, ${found} of ${changed} changed`)
}

try {
  console.log(machineLine())
  const first = await ratesOf(1, total, () => pass(total))
  const unchanged = await ratesOf(rounds, total, () => pass(0))
  changes = inSchemaOrder.map(otherwise)
  const reordered = await ratesOf(rounds, total, () => pass(0))
  const kept = printFigures([
    { name: 'first pass: store, map, deliver to nothing', unit: 'records/s', ...first },
    { name: 'unchanged resync', unit: 'records/s', floor: 60_000, ...unchanged },
    { name: 'unchanged resync, keys in another order', unit: 'records/s', ...reordered },
  ])
  if (!kept) process.exitCode = 1
} finally {
  await engine.close()
}
