import type { KpiOptions } from '@millrace/core'
import type { Cli } from '../cli.ts'
import { kpiText } from '../render/kpi-text.ts'

/** `millrace report kpi`. */
export const addReport = (cli: Cli): void => {
  cli.program
    .command('report')
    .description('figures from the records that the store holds')
    .command('kpi')
    .description('cart recovery, repeat purchase, time to first purchase, returns by category, data quality')
    .option('--from <day>', 'first day (default: 90 days ago)')
    .option('--to <day>', 'last day (default: today)')
    .option('--time-zone <zone>', 'such as Europe/Berlin (default: UTC)')
    .action((options: Pick<KpiOptions, 'from' | 'to' | 'timeZone'>) =>
      cli.run(async ({ millrace, signal }) => {
        const report = await millrace.kpi({ ...options, signal })
        return { value: report, text: kpiText(report) }
      }),
    )
}
