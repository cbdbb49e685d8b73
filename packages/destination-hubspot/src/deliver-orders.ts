import { MillraceError, type DestinationContext, type Input, type Outcome } from '@millrace/core'
import { isUntouched, unwritten } from './deliver-records.ts'
import { deliverLines } from './deliver-lines.ts'
import { linkParents } from './link-parents.ts'
import type { Portal } from './portal.ts'
import { prepareOrders, type OrderWork } from './prepare-orders.ts'
import type { Progress } from './progress.ts'
import { keyOf, type Target } from './target.ts'
import { writeRecords } from './write-records.ts'
import { writeRows, type Row } from './write-rows.ts'

/**
 * Delivers orders as composites: the deal or order itself, its lines, their links, and the links to contact and company. Orders that fail before their lines are
 * settled at once, the others when everything of them is there. A failure in the middle hands on every line that exists, so that the next attempt resumes.
 */
export async function* deliverOrders(
  portal: Portal,
  target: Target,
  inputs: readonly Input[],
  options: { eachStage: boolean },
  ctx: DestinationContext,
): AsyncGenerator<Outcome[]> {
  const { works, refused } = await prepareOrders(portal, target, inputs, options, ctx)
  if (refused.length > 0) yield refused.map(({ input, error }) => unwritten({ input, result: 'failed', error }))
  const ready = works.filter(({ input }) => isUntouched(input))
  const byUnit = new Map(works.map((work) => [work.input.unit, work]))
  const toWrite = works.filter(({ input }) => !isUntouched(input)).map((work) => firstStage(work))
  for await (const written of toWrite.length === 0 ? [] : writeRecords(portal, target, toWrite, ctx)) {
    const ended: Outcome[] = []
    for (const one of written) {
      const work = byUnit.get(one.input.unit)
      if (work === undefined) continue
      if (one.result !== 'written') ended.push(unwritten(one))
      else ready.push(Object.assign(work, { remoteId: one.remoteId, created: one.created }))
    }
    if (ended.length > 0) yield ended
  }
  await laterStages(portal, target, ready, ctx)
  await deliverLines(portal, target, ready, ctx)
  await linkAll(portal, target, ready, ctx)
  if (ready.length > 0) yield ready.map(outcomeOf)
}

const firstStage = ({ input, history }: OrderWork): Input =>
  history[0] === undefined ? input : { ...input, fields: { ...input.fields, ...history[0] } }

/** Moves new orders on from their first stage, one stage per round, up to the one they are in. */
const laterStages = async (portal: Portal, target: Target, works: readonly OrderWork[], ctx: DestinationContext): Promise<void> => {
  const key = keyOf(target, ctx.contract)
  const rounds = Math.max(0, ...works.map((work) => work.history.length))
  for (let round = 1; round <= rounds; round += 1) {
    const rows = new Map<Row, OrderWork>()
    for (const work of works) {
      const stage = work.history[round] ?? (round === work.history.length ? ownStage(work) : undefined)
      if (stage !== undefined && work.failure === undefined) rows.set({ id: work.input.key, idProperty: key, properties: stage }, work)
    }
    const open = new Set(rows.keys())
    for await (const results of writeRows(portal, { type: target.type, operation: 'upsert' }, [...rows.keys()], ctx.signal)) {
      for (const [row, result] of results) {
        open.delete(row)
        if (result.result !== 'written') fail(rows.get(row), result.error)
      }
    }
    for (const row of open) fail(rows.get(row), unconfirmedStage)
  }
}

const unconfirmedStage = new MillraceError({
  code: 'stage_unconfirmed',
  retryable: true,
  message: 'HubSpot accepted the request without saying that the order moved to its stage. It is repeated.',
})

const fail = (work: OrderWork | undefined, error: MillraceError): void => {
  if (work !== undefined) work.failure ??= error
}

const ownStage = ({ input, history }: OrderWork): Record<string, string> =>
  Object.fromEntries(Object.keys(history[0] ?? {}).map((name) => [name, String(input.fields[name] ?? '')]))

const linkAll = async (portal: Portal, target: Target, works: readonly OrderWork[], ctx: DestinationContext): Promise<void> => {
  const linkables = works.flatMap(({ input, remoteId, created }) => (remoteId === undefined ? [] : [{ input, remoteId, created }]))
  const failed = await linkParents(portal, target, linkables, ctx)
  for (const work of works) {
    const error = failed.get(work.input)
    if (error !== undefined) fail(work, error)
  }
}

const outcomeOf = ({ input, remoteId, created, objects, unlinked, doubtful, failure }: OrderWork): Outcome => {
  const base = { unit: input.unit, ...(remoteId === undefined ? {} : { remoteId }), objects: Object.fromEntries(objects) }
  if (failure === undefined) return { ...base, result: 'delivered', created }
  const progress: Progress = { unlinked: [...unlinked], doubtful: [...doubtful] }
  return { ...base, progress, result: 'failed', error: failure }
}
