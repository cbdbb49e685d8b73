import type { DestinationContext, Input, Outcome } from '@millrace/core'
import { changeLists, needsListing } from './change-lists.ts'
import { linkParents, needsLinking, type Linkable } from './link-parents.ts'
import type { Portal } from './portal.ts'
import type { Target } from './target.ts'
import { isKnown, writeRecords, type Written } from './write-records.ts'

/** What an outcome carries besides its result. */
const standing = (written: { input: Input; remoteId?: string }): { unit: string; remoteId?: string } => {
  const remoteId = written.remoteId ?? written.input.remoteId
  return { unit: written.input.unit, ...(remoteId === undefined ? {} : { remoteId }) }
}

/** The outcome of a write that did not succeed. What is known of children and links is handed on unchanged. */
export const unwritten = (written: Exclude<Written, { result: 'written' }>): Outcome => {
  const { input } = written
  const kept = { ...standing(written), objects: input.objects, ...(input.progress === undefined ? {} : { progress: input.progress }) }
  if (written.result === 'conflict') return { ...kept, result: 'conflict', candidates: written.candidates }
  return { ...kept, result: 'failed', error: written.error }
}

/** Delivers objects without children: contacts, companies, products. Those with parents or lists to change are settled after that, the others batch by batch. */
export async function* deliverRecords(
  portal: Portal,
  target: Target,
  inputs: readonly Input[],
  ctx: DestinationContext,
): AsyncGenerator<Outcome[]> {
  const toLink: Linkable[] = []
  const settle = (written: Written): Outcome[] => {
    if (written.result !== 'written') return [unwritten(written)]
    const { input, remoteId, created } = written
    if (needsLinking(written) || needsListing(written)) {
      toLink.push(written)
      return []
    }
    return [{ ...standing({ input, remoteId }), result: 'delivered', created }]
  }
  const untouched = inputs.filter(isUntouched)
  const settled = untouched.flatMap((input) => settle({ input, result: 'written', remoteId: input.remoteId, created: false }))
  if (settled.length > 0) yield settled
  const rest = untouched.length === 0 ? inputs : inputs.filter((input) => !isUntouched(input))
  if (rest.length > 0) {
    for await (const results of writeRecords(portal, target, rest, ctx)) {
      const outcomes = results.flatMap(settle)
      if (outcomes.length > 0) yield outcomes
    }
  }
  if (toLink.length === 0) return
  const failed = await linkParents(portal, target, toLink, ctx)
  const listed = await changeLists(portal, toLink, ctx)
  yield toLink.map(({ input, remoteId, created }): Outcome => {
    const lists = listed.get(input)
    const error = failed.get(input) ?? lists?.error
    const base = { ...standing({ input, remoteId }), ...(lists === undefined ? {} : { objects: lists.objects }) }
    return error === undefined ? { ...base, result: 'delivered', created } : { ...base, result: 'failed', error }
  })
}

/** Only its parents or lists changed: the object itself needs no request. */
export const isUntouched = (input: Input): input is Input & { remoteId: string } => isKnown(input) && input.changedFields.length === 0
