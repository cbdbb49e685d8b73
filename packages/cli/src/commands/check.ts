import type { Cli } from '../cli.ts'
import { checkText } from '../render/check-text.ts'

/** `millrace check`: exit 0 when nothing is wrong, else 1. */
export const addCheck = (cli: Cli): void => {
  cli.program
    .command('check')
    .description('test credentials, reachability and contract of every source and connection, without writing anything (exit 1 on errors)')
    .action(() =>
      cli.run(async ({ millrace, signal }) => {
        const report = await millrace.check({ signal })
        return { value: report, text: checkText(report), exitCode: report.ok ? 0 : 1 }
      }),
    )
}
