import { parseTemplate } from '../mapping/template.ts'
import { isObject } from '../mapping/plain-value.ts'

/** Every path of the view that an expression reads, whatever it is made of. Expressions that are not understood give none. */
export const expressionPaths = (expression: unknown): string[] => {
  if (Array.isArray(expression)) return expression.flatMap(expressionPaths)
  if (!isObject(expression)) return []
  return Object.entries(expression).flatMap(([name, value]) => {
    if (typeof value !== 'string') return expressionPaths(value)
    if (name === 'path') return [value]
    return name === 'template' ? (parseTemplate(value) ?? []).flatMap((part) => ('path' in part ? [part.path] : [])) : []
  })
}
