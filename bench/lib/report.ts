import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'

/** The machine and how busy it is, so that figures can be compared. */
export const machineLine = (): string => {
  const model = cpus()[0]?.model.trim() ?? 'unknown CPU'
  const memory = (totalmem() / 2 ** 30).toFixed(1)
  const load = (loadavg()[0] ?? 0).toFixed(1)
  return `machine: ${model}, ${availableParallelism()} cores (load ${load}), ${memory} GiB, ${process.platform} ${process.arch}, Node ${process.version}`
}

/** Rates of several rounds: the best says what the code can do, the median what it did on this machine as busy as it was. */
export interface Rates {
  best: number
  median: number
}

/** One measured figure; `floor` is what the best round must reach. */
export interface Figure extends Rates {
  name: string
  unit: string
  floor?: number
}

/** Prints figures as lines `name best (median) unit floor PASS|FAIL`. Returns whether every floor was reached. */
export const printFigures = (figures: readonly Figure[]): boolean => {
  const width = Math.max(...figures.map((figure) => figure.name.length))
  for (const { name, best, median, unit, floor } of figures) {
    const verdict = floor === undefined ? '' : `  floor ${format(floor)}  ${best >= floor ? 'PASS' : 'FAIL'}`
    console.log(`${name.padEnd(width)}  ${format(best).padStart(9)} ${unit} (median ${format(median)})${verdict}`)
  }
  return figures.every(({ best, floor }) => floor === undefined || best >= floor)
}

const format = (value: number): string => Math.round(value).toLocaleString('en-US')

/** How many per second, when each round handles `count`. */
export const ratesOf = async (rounds: number, count: number, work: (round: number) => Promise<void>): Promise<Rates> => {
  const rates: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now()
    await work(round)
    rates.push(count / ((performance.now() - start) / 1000))
  }
  rates.sort((a, b) => a - b)
  return { best: rates.at(-1) ?? 0, median: rates[Math.floor(rates.length / 2)] ?? 0 }
}
