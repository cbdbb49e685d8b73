import type { SyncOptions } from '@millrace/core'
import { Option } from 'commander'
import { parseCount, parseEntities, parseNames, parseRecord } from '../arguments.ts'
import type { Cli } from '../cli.ts'
import { runExitCode } from '../exit-codes.ts'
import { runText } from '../render/run-text.ts'

/** `millrace sync`: exit 0, 3 or 1, see {@link runExitCode}. */
export const addSync = (cli: Cli): void => {
  cli.program
    .command('sync')
    .description(
      'read what changed since the last pass and deliver it (exit 3: settled, but something needs a person; 1: failed or not finished)',
    )
    .option('--entity <names>', 'only these kinds of records, such as customer,order', parseEntities)
    .option('--connection <names>', 'only these connections', parseNames)
    .option('--only <record>', 'only this record, such as customer:42 or customer:shop-eu:42', parseRecord)
    .option('--limit <n>', 'read at most so many records', parseCount)
    .addOption(
      new Option('--start <where>', 'where a source begins that was never read (default: everything)').choices(['everything', 'now']),
    )
    .option('--removals', 'also look for records that are gone from the source')
    .action((options: SyncOptions) =>
      cli.run(async ({ millrace, signal }) => {
        const report = await millrace.sync({ ...options, signal })
        return { value: report, text: runText(report), exitCode: runExitCode(report) }
      }),
    )
}
