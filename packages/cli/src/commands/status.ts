import type { Cli } from '../cli.ts'
import { statusText } from '../render/status-text.ts'

/** `millrace status`. */
export const addStatus = (cli: Cli): void => {
  cli.program
    .command('status')
    .description('how far the sources are read, what waits for delivery, what failed, and the last runs')
    .action(() =>
      cli.run(async ({ millrace }) => {
        const report = await millrace.status()
        return { value: report, text: statusText(report) }
      }),
    )
}
