import { parseCount } from '../arguments.ts'
import type { Cli } from '../cli.ts'
import { auditLogText } from '../render/audit-log-text.ts'

/** `millrace audit-log`. */
export const addAuditLog = (cli: Cli): void => {
  cli.program
    .command('audit-log')
    .description('who applied, replayed, discarded, paused, resumed, accepted removals or changed a contract, the newest first')
    .option('--limit <n>', 'at most so many lines (default: 100)', parseCount)
    .action(({ limit }: { limit?: number }) =>
      cli.run(async ({ millrace }) => {
        const entries = await millrace.auditLog(limit)
        return { value: entries, text: auditLogText(entries) }
      }),
    )
}
