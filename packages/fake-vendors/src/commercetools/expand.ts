import type { Resource } from './resource.ts'

/** Finds the resource a reference points to. */
export type Resolve = (reference: { typeId: string; id?: string; key?: string }) => Resource | undefined

/**
 * Puts `obj` into the references that the paths name (`paymentInfo.payments[*]`, `categories[0].parent`). Changes `target`. A reference
 * without a resource stays as it is: the vendor answers such a request, the mock refuses it.
 */
export function expandPaths(target: unknown, paths: readonly string[], resolve: Resolve): void {
  for (const path of paths) expand(target, path.split('.'), resolve)
}

function expand(value: unknown, steps: readonly string[], resolve: Resolve): void {
  if (typeof value !== 'object' || value === null) return
  const record = value as Record<string, unknown>
  if (typeof record['typeId'] === 'string' && record['obj'] === undefined) {
    const found = resolve(record as { typeId: string; id?: string; key?: string })
    if (found !== undefined) record['obj'] = found
  }
  if (record['obj'] !== undefined) {
    expand(record['obj'], steps[0] === 'obj' ? steps.slice(1) : steps, resolve)
    return
  }
  const [step, ...rest] = steps
  if (step === undefined) return
  const [, field = step, index] = /^([^[]+)(?:\[(\*|\d+)\])?$/u.exec(step) ?? []
  const below = record[field]
  if (!Array.isArray(below)) expand(below, rest, resolve)
  else if (index === '*') for (const item of below) expand(item, rest, resolve)
  else if (index !== undefined) expand(below[Number(index)], rest, resolve)
}
