/** A stored resource: plain JSON with the fields that every commercetools resource has. */
export interface Resource {
  id: string
  version: number
  createdAt: string
  lastModifiedAt: string
  [field: string]: unknown
}

/** What a test hands in: any JSON object with an id; what is missing of the other base fields is filled in. */
export interface ResourceDraft {
  id: string
  version?: number
  createdAt?: string
  lastModifiedAt?: string
  [field: string]: unknown
}

/** A deep copy by way of JSON, so that nobody can reach into the shop. Own keys such as `__proto__` and lone surrogates survive. */
export function copy<T>(value: T): T {
  if (value === undefined) return value
  // oxlint-disable-next-line unicorn/prefer-structured-clone, typescript/no-unsafe-type-assertion -- drops undefined as a server would, and is faster
  return JSON.parse(JSON.stringify(value)) as T
}

/** The time as commercetools writes it: UTC with milliseconds. `epochMs` may lie before 1970. */
export function timestamp(epochMs: number): string {
  return new Date(epochMs).toISOString()
}
