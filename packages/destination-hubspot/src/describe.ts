import type { DestinationContext, FieldSpec } from '@millrace/core'
import { toFieldSpec } from './portal-property.ts'
import type { Portal } from './portal.ts'
import { usedTargets } from './target.ts'

/** The live schema in the words of the contract: the fields of every object in use, lines included. */
export const describePortal = async (portal: Portal, ctx: DestinationContext): Promise<Record<string, Record<string, FieldSpec>>> => {
  const described = await Promise.all(
    usedTargets(ctx.contract).map(async ({ target }) => {
      const schema = await portal.properties(target.type, ctx.signal)
      return [target.object, Object.fromEntries([...schema].map(([name, property]) => [name, toFieldSpec(property)]))] as const
    }),
  )
  return Object.fromEntries(described)
}
