import type { View } from '../views/view.ts'
import { isObject } from './plain-value.ts'

/** Reads one path off a view. Lists are reached into: `lines.sku` gives the SKUs of all lines. Own properties only, so no name can reach a prototype. */
export type Reader = (view: View) => unknown

/** Only names that every object inherits need the slower look-up of own properties: views are plain data. */
const inherited = (name: string): boolean => name in Object.prototype

type Step = (value: unknown, next: (value: unknown) => unknown) => unknown

const step = (segment: string): Step => {
  const guarded = inherited(segment)
  const index = /^\d+$/.test(segment) ? Number(segment) : undefined
  return (value, next) => {
    if (isObject(value)) return guarded && !Object.hasOwn(value, segment) ? undefined : next(value[segment])
    if (!Array.isArray(value)) return undefined
    if (index !== undefined) return next(value[index])
    return value.flatMap((item) => (isObject(item) && (!guarded || Object.hasOwn(item, segment)) ? (next(item[segment]) ?? []) : []))
  }
}

/** Prepares a dotted path. */
export const pathReader = (path: string): Reader => {
  const [first = '', ...rest] = path.split('.')
  const below = rest.map(step).reduceRight<(value: unknown) => unknown>(
    (next, take) => (value) => take(value, next),
    (value) => value,
  )
  if (inherited(first)) return (view) => (Object.hasOwn(view, first) ? below(view[first]) : undefined)
  return rest.length === 0 ? (view) => view[first] : (view) => below(view[first])
}
