import { isJsonObject } from '../../http/index.ts'
import { malformed, requiredString } from '../body.ts'
import { link } from '../associations/link.ts'
import { associationTypes, type AssociationType } from '../associations/types.ts'
import { invalid } from '../errors.ts'
import type { ObjectTypeName } from '../object-types.ts'
import type { Portal } from '../portal.ts'

/** An association given together with a create. */
export interface InlineAssociation {
  readonly toId: string
  readonly type: AssociationType
}

/** Reads `associations` of a create input. Unknown types and wrong directions are refused. */
export function inlineAssociations(from: ObjectTypeName, input: Record<string, unknown>): InlineAssociation[] {
  const { associations } = input
  if (associations === undefined || associations === null) return []
  if (!Array.isArray(associations)) return malformed('"associations" must be an array')
  return associations.flatMap((entry: unknown) => {
    if (!isJsonObject(entry) || !isJsonObject(entry['to']) || !Array.isArray(entry['types']))
      return malformed('an association needs "to" and "types"')
    const toId = requiredString(entry['to'], 'id')
    return entry['types'].map((spec: unknown) => ({ toId, type: associationType(from, spec) }))
  })
}

function associationType(from: ObjectTypeName, spec: unknown): AssociationType {
  const typeId = isJsonObject(spec) ? spec['associationTypeId'] : undefined
  const found = associationTypes.find((type) => type.from === from && type.typeId === typeId)
  return found ?? invalid('association-type-direction', `Association type ${String(typeId)} does not start at ${from}.`)
}

/** Links a new record to the given ones. @throws Refusal when one of them cannot be linked */
export function linkInline(portal: Portal, fromId: string, associations: readonly InlineAssociation[]): void {
  for (const { toId, type } of associations) link(portal, type, fromId, toId)
}
