import { MillraceError, type Candidate, type DestinationContext, type Input } from '@millrace/core'
import { encodeFields, requireKey, type Schema } from './encode-fields.ts'
import type { Taken } from './errors.ts'
import type { Portal } from './portal.ts'
import { archiveObjects } from './read-objects.ts'
import { resolveTaken } from './resolve-taken.ts'
import { keyOf, type Target } from './target.ts'
import { writeRows, type Row, type RowResult } from './write-rows.ts'

/** What became of the object of an input. An input that HubSpot's answer does not speak of has none. */
export type Written =
  | { input: Input; result: 'written'; remoteId: string; created: boolean }
  | { input: Input; result: 'failed'; error: MillraceError; remoteId?: string }
  | { input: Input; result: 'conflict'; candidates: readonly Candidate[] }

/** An input on its way: what is sent first, and everything, for when HubSpot no longer has what we knew. */
interface Work {
  /** Several when they share a key; the last one's values count. */
  inputs: Input[]
  /** Our own key. */
  key: string
  operation: 'upsert' | 'update'
  row: Row
  full: Record<string, string>
  partial: boolean
}

/** A work that something else stands in the way of. */
interface TakenWork {
  work: Work
  taken: Taken
  error: MillraceError
}

/** Whether the object is surely at HubSpot under our key, so that only what changed has to be sent. */
export const isKnown = (input: Input): boolean => input.remoteId !== undefined && input.remoteKey === input.key && !input.uncertain

/**
 * Writes the objects of inputs: by our own key, or by record id where the object does not carry the key yet (adoption, a guest who registered). Yields what
 * became of them as soon as it is known.
 */
export async function* writeRecords(
  portal: Portal,
  target: Target,
  inputs: readonly Input[],
  ctx: DestinationContext,
): AsyncGenerator<Written[]> {
  const schema = await portal.properties(target.type, ctx.signal)
  requireKey(schema, keyOf(target, ctx.contract), target.type)
  const { works, refused } = plan(target, inputs, schema, ctx)
  if (refused.length > 0) yield refused
  const taken: TakenWork[] = []
  const round = async function* (of: readonly Work[], divert: (work: Work, result: RowResult) => boolean): AsyncGenerator<Written[]> {
    for await (const results of write(portal, target, of, ctx.signal)) {
      const settled: Written[] = []
      for (const [work, result] of results) {
        if (divert(work, result)) continue
        if (result.result === 'taken') taken.push({ work, ...result })
        else settled.push(...settle(work, result))
      }
      if (settled.length > 0) yield settled
    }
  }

  const again: Work[] = []
  const remade = new Map<Work, string>()
  yield* round(works, (work, result) => {
    if (!isStale(work, result)) return false
    const row: Row = { id: work.key, idProperty: keyOf(target, ctx.contract), properties: work.full }
    const whole: Work = { ...work, operation: 'upsert', row }
    again.push(whole)
    if (result.result === 'written') remade.set(whole, result.remoteId)
    return true
  })
  const orphans = new Map<Work, string>()
  yield* round(again, (work, result) => {
    const id = remade.get(work)
    const isOrphan = id !== undefined && result.result !== 'written' && !isTransient(result.error)
    if (isOrphan) orphans.set(work, id)
    else if (id !== undefined && result.result === 'written') result.created = true
    return isOrphan
  })
  if (orphans.size > 0) {
    // The object was gone and the first request made it anew, but what belongs in it is taken elsewhere: it must not stay behind. A create then names the holder.
    await archiveObjects(portal, target.type, [...orphans.values()], ctx.signal)
    yield* round([...orphans.keys()], () => false)
  }
  if (taken.length > 0) yield await settleTaken(portal, target, taken, schema, ctx)
}

const isTransient = (error: MillraceError): boolean => error.retryable || error.scope !== 'record'

/** What we knew of the object no longer holds: it was deleted or merged away, so changes alone do not make it whole. */
const isStale = (work: Work, result: RowResult): boolean => {
  if (work.operation === 'update') return result.result === 'failed' && result.error.code === 'not_found'
  if (!work.partial) return false
  if (result.result === 'written') return result.created
  const { field } = result.error
  return result.result === 'failed' && !isTransient(result.error) && (field === undefined || !(field in work.row.properties))
}

const settle = ({ inputs }: Work, result: Exclude<RowResult, { result: 'taken' }>): Written[] =>
  inputs.map((input) => ({ input, ...result }))

async function* write(portal: Portal, target: Target, works: readonly Work[], signal: AbortSignal): AsyncGenerator<[Work, RowResult][]> {
  for (const operation of ['update', 'upsert'] as const) {
    const byRow = new Map(works.flatMap((work) => (work.operation === operation ? [[work.row, work] as const] : [])))
    for await (const results of writeRows(portal, { type: target.type, operation }, [...byRow.keys()], signal)) {
      yield [...results].flatMap(([row, result]) => {
        const work = byRow.get(row)
        return work === undefined ? [] : [[work, result] as [Work, RowResult]]
      })
    }
  }
}

const plan = (target: Target, inputs: readonly Input[], schema: Schema, ctx: DestinationContext): { works: Work[]; refused: Written[] } => {
  const works = new Map<string, Work>()
  const refused: Written[] = []
  for (const input of inputs) {
    const work = toWork(target, input, schema, ctx)
    if ('error' in work) {
      refused.push({ input, result: 'failed', error: work.error })
      continue
    }
    const slot = `${work.operation} ${work.row.id}`
    const other = works.get(slot)
    const [first] = other?.inputs ?? []
    if (other === undefined || first === undefined) works.set(slot, work)
    else if (first.key === input.key) works.set(slot, merged(other, work))
    // Two people cannot have one object: the first one takes it, the second one needs a decision.
    else refused.push({ input, result: 'conflict', candidates: [{ remoteId: work.row.id, key: first.key }] })
  }
  return { works: [...works.values()], refused }
}

const merged = (first: Work, second: Work): Work => ({
  ...second,
  inputs: [...first.inputs, ...second.inputs],
  row: { ...second.row, properties: { ...first.row.properties, ...second.row.properties } },
  full: { ...first.full, ...second.full },
  partial: first.partial && second.partial,
})

const toWork = (target: Target, input: Input, schema: Schema, { contract }: DestinationContext): Work | { error: MillraceError } => {
  const everything = encodeFields(input.fields, Object.keys(input.fields), schema, target.type)
  if ('error' in everything) return everything
  const key = keyOf(target, contract)
  const full = everything.properties
  const known = isKnown(input)
  if (input.remoteId !== undefined && input.remoteKey !== input.key) {
    const properties = { ...withoutForeignEmail(target, input, full), [key]: input.key }
    return { inputs: [input], key: input.key, operation: 'update', row: { id: input.remoteId, properties }, full, partial: false }
  }
  if (input.remoteId === undefined && isNobody(target, full)) {
    return {
      error: new MillraceError({
        code: 'identity_missing',
        field: target.needsOneOf?.[0] ?? key,
        message: `HubSpot needs one of ${target.needsOneOf?.join(', ')} to create a ${target.object}, and the record has none.`,
      }),
    }
  }
  const properties = pick(withoutForeignEmail(target, input, full), known ? input.changedFields : Object.keys(full))
  return { inputs: [input], key: input.key, operation: 'upsert', row: { id: input.key, idProperty: key, properties }, full, partial: known }
}

const pick = (properties: Record<string, string>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (properties[name] === undefined ? [] : [[name, properties[name]]])))

const isNobody = ({ needsOneOf }: Target, properties: Record<string, string>): boolean =>
  needsOneOf !== undefined && needsOneOf.every((name) => (properties[name] ?? '') === '')

/**
 * The contact that is taken over was found by this very address, perhaps as an additional one: writing it would move the address that people in HubSpot chose
 * (vendor notes, "Identity"). A key that changes along with the address is a change that is meant.
 */
const withoutForeignEmail = ({ type }: Target, input: Input, properties: Record<string, string>): Record<string, string> => {
  const isTakenOver = input.remoteId !== undefined && (input.cause === 'adoption' || !input.changedFields.includes('email'))
  if (type !== 'contacts' || !isTakenOver) return properties
  const { email: _email, ...rest } = properties
  return rest
}

const settleTaken = async (
  portal: Portal,
  target: Target,
  rows: readonly TakenWork[],
  schema: Schema,
  ctx: DestinationContext,
): Promise<Written[]> => {
  const resolved = await resolveTaken(
    portal,
    target,
    rows.map(({ work, taken, error }) => ({ taken, error, email: work.full['email'] })),
    schema,
    ctx,
  )
  return rows.flatMap(({ work }, index) => {
    const found = resolved[index]
    if (found === undefined) return []
    return work.inputs.map((input): Written =>
      'error' in found ? { input, result: 'failed', error: found.error } : { input, result: 'conflict', candidates: found.candidates },
    )
  })
}
