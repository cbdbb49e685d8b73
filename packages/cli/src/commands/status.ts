import { parseCount } from '../arguments.ts'
import type { Cli } from '../cli.ts'
import { freshnessText } from '../render/freshness-text.ts'
import { retentionText } from '../render/retention-text.ts'
import { statusText } from '../render/status-text.ts'
import { sections } from '../table.ts'

const defaultLast = 1_000

/** `millrace status [--latency [--last n]] [--retention]`. */
export const addStatus = (cli: Cli): void => {
  cli.program
    .command('status')
    .description('how far the sources are read, what waits for delivery, what failed, and the last runs')
    .option('--latency', 'also how long changes took from the source to the vendor')
    .option('--last <n>', `with --latency: how many changes of each connection (default ${defaultLast})`, parseCount)
    .option('--retention', 'also for how long history is kept')
    .action(({ latency, last = defaultLast, retention = false }: { latency?: boolean; last?: number; retention?: boolean }) =>
      cli.run(async ({ millrace }) => {
        const report = await millrace.status(latency === true ? { last } : {})
        const { freshness } = report
        const text = sections(
          statusText(report),
          retention ? retentionText(report) : '',
          freshness === undefined ? '' : freshnessText(freshness),
        )
        return { value: report, text }
      }),
    )
}
