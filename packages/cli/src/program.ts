import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { createCli } from './cli.ts'
import { addAcceptRemovals } from './commands/accept-removals.ts'
import { addApply } from './commands/apply.ts'
import { addAudit } from './commands/audit.ts'
import { addAuditLog } from './commands/audit-log.ts'
import { addBackfill } from './commands/backfill.ts'
import { addCheck } from './commands/check.ts'
import { addContract } from './commands/contract.ts'
import { addDeadLetters } from './commands/dead-letters.ts'
import { addErase } from './commands/erase.ts'
import { addExport } from './commands/export.ts'
import { addInit } from './commands/init.ts'
import { addNotifications } from './commands/notifications.ts'
import { addPause } from './commands/pause.ts'
import { addPlan } from './commands/plan.ts'
import { addStart } from './commands/start.ts'
import { addReconcile } from './commands/reconcile.ts'
import { addPrune } from './commands/prune.ts'
import { addReport } from './commands/report.ts'
import { addStatus } from './commands/status.ts'
import { addSync } from './commands/sync.ts'
import { addTrace } from './commands/trace.ts'
import type { Environment } from './environment.ts'
import { logLevels } from './logger.ts'

const version = (): string => {
  const { version: text }: { version: string } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return text
}

/** The command line with all its commands. Throws CommanderError instead of exiting. */
export const createProgram = (environment: Environment, setExitCode: (code: number) => void): Command => {
  const program = new Command('millrace')
    .description('Carries commerce data out of shop platforms into marketing systems and CRMs.')
    .version(version())
    .option('--config <file>', 'config file (default: millrace.config.ts, .mts, .js or .mjs here)')
    .option('--json', 'print the result as JSON, and nothing else, to stdout')
    .addOption(new Option('--log-level <level>', 'log lines on stderr (default: warn on a terminal, else info)').choices(logLevels))
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => void environment.stdout.write(text), writeErr: (text) => void environment.stderr.write(text) })
    .showHelpAfterError('(--help shows what there is)')
    .exitOverride()
  const cli = createCli(program, environment, setExitCode)
  for (const add of [
    addInit,
    addCheck,
    addPlan,
    addApply,
    addContract,
    addSync,
    addBackfill,
    addStart,
    addStatus,
    addReconcile,
    addAudit,
    addReport,
    addTrace,
    addDeadLetters,
    addNotifications,
    addAcceptRemovals,
    addPause,
    addAuditLog,
    addErase,
    addExport,
    addPrune,
  ])
    add(cli)
  return program
}
