import type { Cli } from '../cli.ts'
import { checkText } from '../render/check-text.ts'

/** `millrace check`: exit 0 when nothing is wrong, else 1. */
export const addCheck = (cli: Cli): void => {
  cli.program
    .command('check')
    .description('test credentials, reachability and contract of every source and connection, without writing anything (exit 1 on errors)')
    .option('--schedule', 'also whether `millrace start` with this config can be as fast as the freshness classes ask')
    .action(({ schedule }: { schedule?: boolean }) =>
      cli.run(async ({ millrace, signal }) => {
        const report = await millrace.check({ signal, ...(schedule === true ? { intervals: 'schedule' } : {}) })
        return { value: report, text: checkText(report), exitCode: report.ok ? 0 : 1 }
      }),
    )
}
