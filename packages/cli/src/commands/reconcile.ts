import { reconcileCsv, reconcileMarkdown, type ReconcileOptions } from '@millrace/core'
import { Option } from 'commander'
import { parseNames, parsePercent } from '../arguments.ts'
import type { Cli } from '../cli.ts'
import { beyondExitCode } from '../exit-codes.ts'

interface Options extends Pick<ReconcileOptions, 'from' | 'to' | 'connection' | 'basis' | 'timeZone' | 'foreign' | 'repair'> {
  threshold?: number
  format: 'markdown' | 'csv'
}

/** `millrace reconcile`: exit 4 beyond the threshold. */
export const addReconcile = (cli: Cli): void => {
  cli.program
    .command('reconcile')
    .description(
      'compare the totals of the shop with those of every destination, and name each order that does not agree (exit 4: beyond the threshold)',
    )
    .option('--from <day>', 'first day in the time zone of the shop, such as 2026-01-31 (default: yesterday)')
    .option('--to <day>', 'last day (default: the first)')
    .option('--connection <names>', 'only these connections', parseNames)
    .addOption(
      new Option('--basis <basis>', 'orders by the day they were paid, if won, or placed').choices(['paid', 'placed']).default('paid'),
    )
    .option('--threshold <percent>', 'how far the totals of a day may deviate, and which share of its orders (default: 0.5)', parsePercent)
    .option('--time-zone <zone>', "such as Europe/Berlin (default: the contract's)")
    .addOption(
      new Option('--foreign <which>', 'objects that do not carry our key: all, those in pipelines of ours, or none')
        .choices(['all', 'ours', 'none'])
        .default('all'),
    )
    .option('--repair', 'make what is missing or differs ready to be sent again by the next sync')
    .addOption(new Option('--format <format>', 'how it is printed without --json').choices(['markdown', 'csv']).default('markdown'))
    .action(({ threshold, format, ...options }: Options) =>
      cli.run(async ({ millrace, signal }) => {
        const report = await millrace.reconcile({ ...options, ...(threshold === undefined ? {} : { thresholdPercent: threshold }), signal })
        const text = format === 'csv' ? reconcileCsv(report) : reconcileMarkdown(report)
        return { value: report, text, exitCode: report.ok ? 0 : beyondExitCode }
      }),
    )
}
