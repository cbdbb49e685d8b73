/** A JSON object. Vendor answers are read through these guards. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The list itself, else an empty one. */
export const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** Text that is not empty, else undefined. */
export const asText = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** A member of an object, else undefined. */
export const member = (value: unknown, name: string): unknown => (isObject(value) ? value[name] : undefined)

/** An id, which the vendor writes as a number. */
export const asId = (value: unknown): string | undefined => (typeof value === 'number' ? String(value) : asText(value))

/** A time of the vendor as epoch ms, NaN when it is none. Without a zone it is UTC, not the time of this machine. */
export const asTime = (value: unknown): number => {
  const text = asText(value) ?? ''
  return Date.parse(/T[\d:.]+$/.test(text) ? `${text}Z` : text)
}

/** A word of the vendor, compared without case: requests and replies spell it differently. */
export const word = (value: unknown): string => (typeof value === 'string' ? value.toLowerCase() : '')
