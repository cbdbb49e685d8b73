import { isJsonObject } from '../../http/index.ts'
import { graphQLError } from './errors.ts'
import type { FieldNode } from './parser.ts'
import type { Shape } from './shapes.ts'

type Members = Readonly<Record<string, Shape>>

/** Refuses selections that are not part of the type, before anything is done. */
export function checkSelections(selections: readonly FieldNode[], members: Members): void {
  for (const { name, selections: inner } of selections) {
    const shape = Object.hasOwn(members, name) ? innermost(members[name]) : undefined
    if (shape === undefined) return graphQLError('graphql-unknown-field', `Field '${name}' is undefined`)
    const isLeaf = typeof shape === 'string' || 'oneOf' in shape
    if (isLeaf && inner.length > 0) graphQLError('graphql-unknown-field', `Sub-selection not allowed on leaf field '${name}'`)
    if (!isLeaf && inner.length === 0) graphQLError('graphql-unknown-field', `Sub-selection required for field '${name}'`)
    if (typeof shape === 'object' && 'members' in shape) checkSelections(inner, shape.members)
  }
}

function innermost(shape: Shape | undefined): Exclude<Shape, { readonly list: Shape }> | undefined {
  return typeof shape === 'object' && 'list' in shape ? innermost(shape.list) : shape
}

/** Picks what was asked for. */
export function project(value: Readonly<Record<string, unknown>>, selections: readonly FieldNode[]): object {
  return Object.fromEntries(selections.map(({ name, key, selections: inner }) => [key, pick(value[name], inner)]))
}

function pick(value: unknown, selections: readonly FieldNode[]): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => pick(item, selections))
  if (selections.length > 0) return isJsonObject(value) ? project(value, selections) : null
  return value ?? null
}
