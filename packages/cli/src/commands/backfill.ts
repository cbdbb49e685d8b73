import type { BackfillOptions, Millrace } from '@millrace/core'
import { parseCount, parseEntities, parseNames, parseSince } from '../arguments.ts'
import type { Answer, Cli } from '../cli.ts'
import { canAsk, confirm } from '../confirm.ts'
import { runExitCode } from '../exit-codes.ts'
import { estimateText } from '../render/estimate-text.ts'
import { runText } from '../render/run-text.ts'

type Flags = BackfillOptions & { estimate?: boolean; yes?: boolean }

const estimate = async (millrace: Millrace, { since }: Flags, signal: AbortSignal): Promise<Answer> => {
  const report = await millrace.estimate({ signal, ...(since === undefined ? {} : { since }) })
  return { value: report, text: estimateText(report) }
}

/** `millrace backfill`: exit as `sync`; 1 when the question is answered with no. */
export const addBackfill = (cli: Cli): void => {
  const refused = async (millrace: Millrace, flags: Flags, signal: AbortSignal): Promise<boolean> => {
    if (flags.yes || cli.options().json || !canAsk(cli.environment)) return false
    cli.environment.stderr.write((await estimate(millrace, flags, signal)).text)
    return !(await confirm(cli.environment, 'Start the backfill?'))
  }
  cli.program
    .command('backfill')
    .description('read everything and deliver it; goes on where an interrupted one stopped (exit codes as sync)')
    .option('--entity <names>', 'only these kinds of records, such as customer,order', parseEntities)
    .option('--connection <names>', 'only these connections', parseNames)
    .option('--since <day>', 'only records modified since, such as 2026-01-31', parseSince)
    .option('--limit <n>', 'read at most so many records', parseCount)
    .option('--estimate', 'only show what it would cost: vendor calls, quota, minutes, disk')
    .option('--yes', 'do not ask (without a terminal, or with --json, nothing is asked)')
    .action((flags: Flags) =>
      cli.run(async ({ millrace, signal }) => {
        if (flags.estimate) return estimate(millrace, flags, signal)
        if (await refused(millrace, flags, signal)) return { value: null, text: 'Nothing was sent.\n', exitCode: 1 }
        const { estimate: _estimate, yes: _yes, ...options } = flags
        const report = await millrace.backfill({ ...options, signal })
        return { value: report, text: runText(report), exitCode: runExitCode(report) }
      }),
    )
}
