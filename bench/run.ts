/**
 * Runs every benchmark, each in a process of its own, and ends with one table. `--quick` is passed on: smaller numbers, a few minutes less, the same floors.
 * Exit code 1 when a floor was missed or a benchmark broke.
 */
import { fork } from 'node:child_process'
import { machineLine, printFigures } from './lib/report.ts'
import type { Figure } from './lib/report.ts'

const names = ['store', 'resync', 'memory', 'mapping', 'end-to-end', 'notifications', 'watchers']

const run = (name: string): Promise<{ figures: Figure[]; broken: boolean }> =>
  new Promise((resolve, reject) => {
    let figures: Figure[] | undefined
    const child = fork(new URL(`./${name}.ts`, import.meta.url), process.argv.slice(2))
    child.on('message', (message: { figures: Figure[] }) => {
      ;({ figures } = message)
    })
    child.on('error', reject)
    child.on('exit', () => resolve({ figures: figures ?? [], broken: figures === undefined }))
  })

const all: Figure[] = []
const broken: string[] = []
for (const name of names) {
  console.log(`\n${name}`)
  const result = await run(name)
  all.push(...result.figures)
  if (result.broken) broken.push(name)
}
console.log(`\nAll figures: medians by wall time. ${machineLine()}`)
const kept = printFigures(all)
if (broken.length > 0) console.log(`Without figures: ${broken.join(', ')}`)
if (!kept || broken.length > 0) process.exitCode = 1
