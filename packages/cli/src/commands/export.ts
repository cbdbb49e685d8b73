import { parseRecord } from '../arguments.ts'
import type { Cli } from '../cli.ts'
import { personOf } from './erase.ts'

/** `millrace export`: everything held and sent about a person, always as JSON. */
export const addExport = (cli: Cli): void => {
  cli.program
    .command('export')
    .description('everything that is held and was sent about a person, as JSON')
    .option('--email <address>', 'any e-mail of the person')
    .option('--customer <record>', 'the account, such as customer:shop:42', parseRecord)
    .action((who: { email?: string; customer?: string }) =>
      cli.run(async ({ millrace, signal }) => {
        const report = await millrace.export(personOf(who), { signal })
        return { value: report, text: `${JSON.stringify(report, null, 2)}\n` }
      }),
    )
}
