import { availableParallelism, cpus, totalmem } from 'node:os'

/** The machine, so that figures can be compared. */
export const machineLine = (): string => {
  const model = cpus()[0]?.model.trim() ?? 'unknown CPU'
  const memory = (totalmem() / 2 ** 30).toFixed(1)
  return `machine: ${model}, ${availableParallelism()} cores, ${memory} GiB, ${process.platform} ${process.arch}, Node ${process.version}`
}

/** One measured figure; `floor` is what must be reached. */
export interface Figure {
  name: string
  value: number
  unit: string
  floor?: number
}

/** Prints figures as lines `name value unit floor PASS|FAIL`. Returns whether every floor was reached. */
export const printFigures = (figures: readonly Figure[]): boolean => {
  const width = Math.max(...figures.map((figure) => figure.name.length))
  for (const { name, value, unit, floor } of figures) {
    const verdict = floor === undefined ? '' : `  floor ${format(floor)}  ${value >= floor ? 'PASS' : 'FAIL'}`
    console.log(`${name.padEnd(width)}  ${format(value).padStart(9)} ${unit}${verdict}`)
  }
  return figures.every(({ value, floor }) => floor === undefined || value >= floor)
}

const format = (value: number): string => Math.round(value).toLocaleString('en-US')

/** How many per second when `work` handles `count`. */
export const rateOf = async (count: number, work: () => Promise<void>): Promise<number> => {
  const start = performance.now()
  await work()
  return count / ((performance.now() - start) / 1000)
}
