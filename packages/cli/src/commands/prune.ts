import type { Cli } from '../cli.ts'
import { number } from '../table.ts'

/** `millrace prune`: works beside a running engine. */
export const addPrune = (cli: Cli): void => {
  cli.program
    .command('prune')
    .description('remove history that is older than `retention` of the config; links, dead letters and the audit log stay')
    .action(() =>
      cli.run(async ({ millrace, signal }) => {
        const report = await millrace.prune({ signal })
        const rest = report.finished ? '' : ' It was stopped; more is left.'
        return { value: report, text: `${number(report.removed)} old entries removed.${rest}\n` }
      }),
    )
}
