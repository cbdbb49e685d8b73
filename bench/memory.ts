/**
 * Bounded memory: the peak resident memory of a backfill of 100,000 customers against that of 5,000, each in a process of its own, through source, store,
 * mapping and delivery to a destination that keeps nothing. Three times each. `--quick` takes 20,000 against 5,000.
 */
import { fork } from 'node:child_process'
import { machineLine, printFigures } from './lib/report.ts'

const small = 5_000
const large = process.argv.includes('--quick') ? 20_000 : 100_000

const mebi = 2 ** 20
const count = (value: number): string => value.toLocaleString('en-US')

const peakOf = (customers: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = fork(new URL('./lib/backfill-process.ts', import.meta.url), [String(customers)])
    let peak: number | undefined
    child.on('message', (message: { peak: number }) => {
      peak = message.peak
    })
    child.on('exit', (code) => (peak === undefined || code !== 0 ? reject(new Error(`exit code ${code}`)) : resolve(peak)))
  })

/** The median of three, since the runtime decides by chance when its young generation grows. */
const medianPeak = async (customers: number): Promise<number> => {
  const peaks = [await peakOf(customers), await peakOf(customers), await peakOf(customers)]
  console.log(`${count(customers)} customers: ${peaks.map((peak) => Math.round(peak / mebi)).join(', ')} MiB`)
  return peaks.toSorted((a, b) => a - b)[1] ?? 0
}

const figure = (name: string, value: number, unit: string): { name: string; unit: string; best: number; median: number } => ({
  name,
  unit,
  best: value,
  median: value,
})

console.log(machineLine())
const peaks = { small: await medianPeak(small), large: await medianPeak(large) }
const kept = printFigures([
  figure(`peak memory, backfill of ${count(small)} customers`, peaks.small / mebi, 'MiB'),
  figure(`peak memory, backfill of ${count(large)} customers`, peaks.large / mebi, 'MiB'),
  { ...figure('ratio of the two', peaks.large / peaks.small, 'times'), ceiling: 1.5 },
])
if (!kept) process.exitCode = 1
