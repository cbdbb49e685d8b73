import { isMillraceError, MillraceError, type DestinationContext } from '@millrace/core'
import { associate, readAssociations, type Pair } from './associate.ts'
import type { Portal } from './portal.ts'
import type { OrderWork } from './prepare-orders.ts'
import { archiveObjects, readObjects } from './read-objects.ts'
import { keyOf, targets, type Target } from './target.ts'
import { writeRows, type Row } from './write-rows.ts'

const lines = targets.line_item.type

/** Writes the lines of orders that are at HubSpot, links them, and takes away the ones that are no longer wanted. Failures are kept in each order. */
export const deliverLines = async (portal: Portal, target: Target, works: readonly OrderWork[], ctx: DestinationContext): Promise<void> => {
  await forEachWork(works, (open) => recallLines(portal, target, open, ctx))
  await writeLines(portal, works, ctx)
  await linkLines(portal, target, works, ctx)
  await forEachWork(works, (open) => removeLines(portal, open, ctx))
}

/** Runs a step for the orders without a failure; an error of the whole step is the error of each of them. */
const forEachWork = async (works: readonly OrderWork[], step: (open: readonly OrderWork[]) => Promise<void>): Promise<void> => {
  const open = works.filter((work) => work.failure === undefined)
  try {
    await step(open)
  } catch (error) {
    if (!isMillraceError(error)) throw error
    for (const work of open) work.failure ??= error
  }
}

/**
 * Lines that nobody noted must not stay behind when they are no longer wanted: the ones of a request whose answer was lost are looked up by their keys; when the
 * whole attempt is in doubt, HubSpot is asked for every line of the order.
 */
const recallLines = async (portal: Portal, target: Target, works: readonly OrderWork[], ctx: DestinationContext): Promise<void> => {
  const key = keyOf(targets.line_item, ctx.contract)
  const doubtful = works.flatMap((work) => [...work.doubtful].filter((name) => !work.lines.has(name)).map((name) => [name, work] as const))
  if (doubtful.length > 0) {
    const owners = new Map(doubtful)
    for (const { id, properties } of await readObjects(
      portal,
      { type: lines, ids: [...owners.keys()], idProperty: key, properties: [key] },
      ctx.signal,
    )) {
      owners.get(properties[key] ?? '')?.objects.set(properties[key] ?? '', id)
    }
  }
  for (const work of works) work.doubtful.clear()
  const uncertain = new Map(
    works.flatMap((work) => (work.input.uncertain && !work.created && work.remoteId !== undefined ? [[work.remoteId, work] as const] : [])),
  )
  if (uncertain.size === 0) return
  const linked = await readAssociations(portal, target.type, lines, [...uncertain.keys()], ctx.signal)
  const unnoted = new Map<string, OrderWork>()
  for (const [orderId, work] of uncertain) {
    const noted = new Set(work.objects.values())
    for (const id of linked.get(orderId) ?? []) if (!noted.has(id)) unnoted.set(id, work)
  }
  for (const { id, properties } of await readObjects(portal, { type: lines, ids: [...unnoted.keys()], properties: [key] }, ctx.signal)) {
    // A line without our key was made by somebody else and is none of our business.
    if (properties[key] !== undefined) unnoted.get(id)?.objects.set(properties[key], id)
  }
}

const unconfirmed = new MillraceError({
  code: 'line_unconfirmed',
  retryable: true,
  message: 'HubSpot accepted the request without saying that a line of the order was written. It is repeated by its key.',
})

const writeLines = async (portal: Portal, works: readonly OrderWork[], ctx: DestinationContext): Promise<void> => {
  const rows = new Map<Row, OrderWork>()
  for (const work of works) {
    if (work.failure !== undefined) continue
    const all = work.created || work.input.uncertain
    for (const child of work.input.children) {
      const row = work.lines.get(child.key)
      if (row !== undefined && (all || child.changed || !work.objects.has(child.key))) rows.set(row, work)
    }
  }
  const open = new Set(rows.keys())
  for await (const results of writeRows(portal, { type: lines, operation: 'upsert' }, [...rows.keys()], ctx.signal)) {
    for (const [row, result] of results) {
      open.delete(row)
      const work = rows.get(row)
      if (work === undefined) continue
      if (result.result === 'written') noteLine(work, row.id, result)
      else failLine(work, row.id, result.error)
    }
  }
  for (const row of open) {
    const work = rows.get(row)
    if (work !== undefined) failLine(work, row.id, unconfirmed)
  }
}

/** Unless HubSpot itself refused the line, or nothing was sent, it may be there all the same. */
const failLine = (work: OrderWork, key: string, error: MillraceError): void => {
  work.failure ??= error
  if (error.retryable && error.context['applied'] !== 'no') work.doubtful.add(key)
}

const noteLine = (work: OrderWork, key: string, { remoteId, created }: { remoteId: string; created: boolean }): void => {
  const isLinked = !created && !work.created && !work.input.uncertain && work.input.objects[key] === remoteId
  if (!isLinked) work.unlinked.add(key)
  work.objects.set(key, remoteId)
}

const linkLines = async (portal: Portal, target: Target, works: readonly OrderWork[], ctx: DestinationContext): Promise<void> => {
  const pairs = new Map<Pair, { work: OrderWork; key: string }>()
  for (const work of works) {
    if (work.remoteId === undefined) continue
    for (const key of work.unlinked) {
      const id = work.objects.get(key)
      if (id === undefined || !work.lines.has(key)) work.unlinked.delete(key)
      else pairs.set({ from: id, to: work.remoteId }, { work, key })
    }
  }
  const failed = await associate(portal, lines, target.type, [...pairs.keys()], ctx.signal)
  for (const [pair, { work, key }] of pairs) {
    const error = failed.get(pair)
    if (error === undefined) work.unlinked.delete(key)
    else work.failure ??= error
  }
}

const removeLines = async (portal: Portal, works: readonly OrderWork[], ctx: DestinationContext): Promise<void> => {
  const gone = works.flatMap((work) => [...work.objects].flatMap(([key, id]) => (work.lines.has(key) ? [] : [{ work, key, id }])))
  if (gone.length === 0) return
  await archiveObjects(
    portal,
    lines,
    gone.map(({ id }) => id),
    ctx.signal,
  )
  for (const { work, key } of gone) work.objects.delete(key)
}
