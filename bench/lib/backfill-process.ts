/** A process of its own that backfills as many customers as its argument says, made page by page, and tells its parent the highest resident memory it reached. */
import { changeOf } from './customer.ts'
import { customerSource, openEngine } from './engine.ts'

const total = Number(process.argv[2])
const page = (start: number, end: number): ReturnType<typeof changeOf>[] =>
  Array.from({ length: end - start }, (_, offset) => changeOf(start + offset))
const engine = openEngine(customerSource(total, page))
try {
  const report = await engine.millrace.backfill()
  if (report.run.status !== 'completed' || engine.delivered() !== total)
    throw new Error(`${report.run.status}, ${engine.delivered()} of ${total} delivered`)
  // Linux and Node give kibibytes.
  process.send?.({ peak: process.resourceUsage().maxRSS * 1024 })
} finally {
  await engine.close()
}
