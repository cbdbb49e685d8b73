import type { Input } from './validate.ts'

/** What is stored after a write: null clears, absent keeps; lists and objects are replaced as a whole. */
export function patch(before: Input, input: Input): Input {
  const merged = { ...before, ...input }
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null))
}
