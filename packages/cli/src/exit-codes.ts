import type { RunReport, RunStatus } from '@millrace/core'

const codes: Readonly<Record<RunStatus, number>> = { completed: 0, attention: 3, incomplete: 1, failed: 1, stopped: 1 }

/** 0 = all settled; 3 = settled, with dead letters, rejected records or held removals; 1 = failed, or work is left. */
export const runExitCode = (report: RunReport): number => codes[report.run.status]

/** What `plan` exits with when something would be provisioned. */
export const changesExitCode = 2

/** What `reconcile` and `audit` exit with beyond their threshold. */
export const beyondExitCode = 4
