import { isMillraceError, type DestinationContext, type Input, type Outcome } from '@millrace/core'
import { isListKey } from './lists.ts'
import type { Portal } from './portal.ts'
import { archiveObjects } from './read-objects.ts'
import { targets, type Target } from './target.ts'

/** Moves objects that we linked to HubSpot's recycle bin, the lines of an order before the order. What we never linked is left alone. */
export const archiveInputs = async (
  portal: Portal,
  target: Target,
  inputs: readonly Input[],
  ctx: DestinationContext,
): Promise<Outcome[]> => {
  // Lists lose archived contacts by themselves.
  const kept = inputs.flatMap((input) => Object.entries(input.objects)).filter(([key, id]) => id !== '' && !isListKey(key))
  const lines = kept.map(([, id]) => id)
  const ids = inputs.flatMap(({ remoteId }) => remoteId ?? [])
  try {
    if (lines.length > 0) await archiveObjects(portal, targets.line_item.type, lines, ctx.signal)
    await archiveObjects(portal, target.type, ids, ctx.signal)
    return inputs.map(({ unit }): Outcome => ({ unit, objects: {}, result: 'delivered', created: false }))
  } catch (error) {
    if (!isMillraceError(error)) throw error
    return inputs.map(({ unit, objects }): Outcome => ({ unit, objects, result: 'failed', error }))
  }
}
