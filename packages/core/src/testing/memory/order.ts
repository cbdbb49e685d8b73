import type { UnitKind } from '../../spec/destination.ts'

/** Parents come before their children (design §7.7); a consent belongs to its person. */
export const rankOf: Readonly<Record<UnitKind, number>> = {
  category: 0,
  product: 1,
  company: 2,
  person: 3,
  consent: 3,
  order: 4,
  cart: 5,
  event: 6,
}

/** Compares text by its UTF-8 bytes, as every store does. */
export const compareText = (left: string, right: string): number => Buffer.compare(Buffer.from(left), Buffer.from(right))

/** Compares lists of values; `null` sorts first. */
export const compareBy = (left: readonly (string | number | null)[], right: readonly (string | number | null)[]): number => {
  for (const [index, a] of left.entries()) {
    const b = right[index] ?? null
    const order = compareValue(a, b)
    if (order !== 0) return order
  }
  return 0
}

const compareValue = (a: string | number | null, b: string | number | null): number => {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null)
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return compareText(String(a), String(b))
}
