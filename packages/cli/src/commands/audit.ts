import type { AuditOptions } from '@millrace/core'
import { parseCount, parseNames, parsePercent } from '../arguments.ts'
import type { Cli } from '../cli.ts'
import { beyondExitCode } from '../exit-codes.ts'
import { auditText } from '../render/audit-text.ts'

interface Options extends Pick<AuditOptions, 'sample' | 'seed' | 'connection'> {
  threshold?: number
}

/** `millrace audit`: exit 4 beyond the threshold. */
export const addAudit = (cli: Cli): void => {
  cli.program
    .command('audit')
    .description('compare a sample of people and orders at every destination with what should be there (exit 4: beyond the threshold)')
    .option('--sample <n>', 'how many people and how many orders of each connection (default: 200)', parseCount)
    .option('--seed <text>', 'which ones: the same seed chooses the same (default: the day)')
    .option('--connection <names>', 'only these connections', parseNames)
    .option('--threshold <percent>', 'share of the objects that may have a finding (default: 0.25)', parsePercent)
    .action(({ threshold, ...options }: Options) =>
      cli.run(async ({ millrace, signal }) => {
        const report = await millrace.audit({ ...options, ...(threshold === undefined ? {} : { thresholdPercent: threshold }), signal })
        return { value: report, text: auditText(report), exitCode: report.ok ? 0 : beyondExitCode }
      }),
    )
}
