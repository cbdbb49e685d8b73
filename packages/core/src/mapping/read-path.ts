import type { View } from '../views/view.ts'
import { isObject } from './plain-value.ts'

/** Reads one path off a view. Lists are reached into: `lines.sku` gives the SKUs of all lines. Own properties only, so no name can reach a prototype. */
export type Reader = (view: View) => unknown

const step = (value: unknown, segments: readonly string[], from: number): unknown => {
  let current = value
  for (let index = from; index < segments.length; index += 1) {
    const segment = segments[index] ?? ''
    if (Array.isArray(current)) {
      if (!/^\d+$/.test(segment)) return current.flatMap((item) => step(item, segments, index) ?? [])
      current = current[Number(segment)]
    } else if (isObject(current)) current = Object.hasOwn(current, segment) ? current[segment] : undefined
    else return undefined
  }
  return current
}

/** Prepares a dotted path. */
export const pathReader = (path: string): Reader => {
  const segments = path.split('.')
  const [only = ''] = segments
  if (segments.length === 1) return (view) => (Object.hasOwn(view, only) ? view[only] : undefined)
  return (view) => step(view, segments, 0)
}
