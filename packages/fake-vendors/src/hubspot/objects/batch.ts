import type { HttpReply } from '../../http/index.ts'
import { batchError, invalid, Refusal, type RefusalContent } from '../errors.ts'
import type { Portal } from '../portal.ts'
import { iso } from '../route.ts'
import type { Committed } from './commit.ts'

/** Objects per batch request. */
export const batchCap = 100

/** One input of a batch write. `apply` happens after `prepare` and in input order. */
export interface BatchRow {
  readonly traceId: string | undefined
  /** Checks the input without writing. @throws Refusal */
  prepare(): PreparedRow
}

/** An input that passed its checks. */
export interface PreparedRow {
  /** Writes. @throws Refusal when a unique value is taken */
  commit(): Committed
  /** What the reply says of it. */
  view(committed: Committed): object
}

/** Whether validation errors of this reply carry `errors[]`. */
export function withDetails(portal: Portal): boolean {
  const { errorDetails } = portal.settings
  return errorDetails === 'always' || (errorDetails === 'sometimes' && portal.random.next() < 0.5)
}

/** The reply of a batch: shuffled results, and 207 when there are errors. */
export function batchReply(
  portal: Portal,
  startedAt: number,
  status: number,
  results: readonly object[],
  errors: readonly object[],
): HttpReply {
  const body = {
    status: 'COMPLETE',
    results: portal.random.shuffle(results),
    startedAt: iso(startedAt),
    completedAt: iso(portal.settings.now()),
  }
  return errors.length === 0 ? { status, body } : { status: 207, body: { ...body, numErrors: errors.length, errors } }
}

/** Says which ids were not found, as one error that names no trace id. */
export function missingObjects(singular: string, ids: readonly string[]): object {
  return {
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    message: `Could not get some ${singular.toUpperCase()} objects, they may be deleted or not exist. Check that ids are valid.`,
    context: { ids },
  }
}

/**
 * Runs the rows of a batch write. If every input has a trace id, good rows are written and bad ones listed (207); otherwise the first bad row refuses the
 * whole request and nothing is written.
 */
export function runBatch(portal: Portal, singular: string, rows: readonly BatchRow[], okStatus: number): HttpReply {
  const startedAt = portal.settings.now()
  if (!rows.every((row) => row.traceId !== undefined)) return batchReply(portal, startedAt, okStatus, runWhole(rows), [])
  const results: object[] = []
  const errors: object[] = []
  const missing: string[] = []
  for (const row of rows) {
    try {
      const prepared = row.prepare()
      results.push({ ...prepared.view(prepared.commit()), objectWriteTraceId: row.traceId })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (error.content.rule === 'batch-update-unknown-id') missing.push(...(error.content.rowContext?.['ids'] ?? []))
      else errors.push(batchError(error.content, row.traceId, withDetails(portal)))
    }
  }
  if (missing.length > 0) errors.push(missingObjects(singular, missing))
  return batchReply(portal, startedAt, okStatus, results, errors)
}

function runWhole(rows: readonly BatchRow[]): object[] {
  const prepared: PreparedRow[] = []
  const refused: RefusalContent[] = []
  for (const row of rows) {
    try {
      prepared.push(row.prepare())
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refused.push(error.content)
    }
  }
  refuseAll(refused)
  const done: { readonly row: PreparedRow; readonly committed: Committed }[] = []
  try {
    for (const row of prepared) done.push({ row, committed: row.commit() })
  } catch (error) {
    for (const { committed } of done.toReversed()) committed.undo()
    throw error
  }
  return done.map(({ row, committed }) => row.view(committed))
}

/** Property problems of all rows are listed together, untraceable; anything else names only the first. */
function refuseAll(refused: readonly RefusalContent[]): void {
  const other = refused.find((content) => content.errors === undefined)
  if (other !== undefined) throw new Refusal(other)
  const [first] = refused
  if (first === undefined) return
  const errors = refused.flatMap((content) => content.errors ?? [])
  const list = errors.map(({ message, code, context }) => ({ isValid: false, message, error: code, name: context?.['propertyName']?.[0] }))
  invalid(first.rule, `Property values were not valid: ${JSON.stringify(list)}`, { errors })
}
