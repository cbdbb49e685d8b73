import type { Cli } from '../cli.ts'
import { changesExitCode } from '../exit-codes.ts'
import { planText } from '../render/plan-text.ts'

/** `millrace plan`: exit 0 when there is nothing to provision, else 2. */
export const addPlan = (cli: Cli): void => {
  cli.program
    .command('plan')
    .description('show what `apply` would provision at the destinations, field by field (exit 2 when there is something)')
    .option('--connection <name>', 'only this connection')
    .action((options: { connection?: string }) =>
      cli.run(async ({ millrace, signal }) => {
        const report = await millrace.plan({ signal, ...options })
        return { value: report, text: planText(report, 'planned'), exitCode: report.total === 0 ? 0 : changesExitCode }
      }),
    )
}
