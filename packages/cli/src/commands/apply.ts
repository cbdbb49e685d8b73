import type { Cli } from '../cli.ts'
import { planText } from '../render/plan-text.ts'

/** `millrace apply`. */
export const addApply = (cli: Cli): void => {
  cli.program
    .command('apply')
    .description('provision what `plan` shows; destructive changes only with --allow-destructive')
    .option('--connection <name>', 'only this connection')
    .option('--allow-destructive', 'also apply changes that can lose data at the destination')
    .action((options: { connection?: string; allowDestructive?: boolean }) =>
      cli.run(async ({ millrace, signal }) => {
        const report = await millrace.apply({ signal, ...options })
        return { value: report, text: planText(report, 'applied') }
      }),
    )
}
