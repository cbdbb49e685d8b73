import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'

/** The machine and how busy it is, so that figures can be compared. */
export const machineLine = (): string => {
  const model = cpus()[0]?.model.trim() ?? 'unknown CPU'
  const memory = (totalmem() / 2 ** 30).toFixed(1)
  const load = (loadavg()[0] ?? 0).toFixed(1)
  return `machine: ${model}, ${availableParallelism()} cores (load ${load}), ${memory} GiB, ${process.platform} ${process.arch}, Node ${process.version}`
}

/**
 * Rates of several rounds. The median is what the code did on this machine as busy as it was; the best is nearest to what it can do. `cpu` is the processor
 * time per item of the median round in microseconds, all threads together: it hardly depends on what else the machine does.
 */
export interface Rates {
  best: number
  median: number
  cpu?: number
}

/** One measured figure. With a `floor` the median must reach it; with a `ceiling` it must not pass it. Wall time. */
export interface Figure extends Rates {
  name: string
  unit: string
  floor?: number
  ceiling?: number
}

/** Whether a figure keeps its limits; undefined for one without. */
export const passes = ({ median, floor, ceiling }: Figure): boolean | undefined =>
  floor === undefined && ceiling === undefined ? undefined : median >= (floor ?? median) && median <= (ceiling ?? median)

/** `20,000 or more`, `1.5 or less` or nothing. */
const limitText = ({ floor, ceiling }: Figure): string => {
  if (floor !== undefined) return `${format(floor)} or more`
  return ceiling === undefined ? '' : `${format(ceiling)} or less`
}

/** Prints figures as a table, and sends them to the process that started this one, if it listens. Returns whether every limit was kept. */
export const printFigures = (figures: readonly Figure[]): boolean => {
  const rows = figures.map((figure) => [
    figure.name,
    `${format(figure.median)} ${figure.unit}`,
    figure.best === figure.median ? '' : `best ${format(figure.best)}`,
    figure.cpu === undefined ? '' : `${figure.cpu.toFixed(1)} us CPU each`,
    limitText(figure),
    { true: 'PASS', false: 'FAIL', undefined: '' }[String(passes(figure))] ?? '',
  ])
  const widths = rows.reduce<number[]>((wide, row) => row.map((cell, column) => Math.max(wide[column] ?? 0, cell.length)), [])
  for (const row of rows) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
  }
  process.send?.({ figures })
  return figures.every((figure) => passes(figure) !== false)
}

/** Whole numbers with separators; small ones with two digits. */
const format = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: Math.abs(value) < 100 ? 2 : 0 })

/** How many per second, when each round handles `count`. */
export const ratesOf = async (rounds: number, count: number, work: (round: number) => Promise<void>): Promise<Rates> => {
  const measured: { rate: number; cpu: number }[] = []
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now()
    const before = process.cpuUsage()
    await work(round)
    const { user, system } = process.cpuUsage(before)
    measured.push({ rate: count / ((performance.now() - start) / 1000), cpu: (user + system) / count })
  }
  measured.sort((a, b) => a.rate - b.rate)
  const median = measured[Math.floor(measured.length / 2)] ?? { rate: 0, cpu: 0 }
  return { best: measured.at(-1)?.rate ?? 0, median: median.rate, cpu: median.cpu }
}
