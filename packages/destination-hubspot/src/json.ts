/** A JSON object. Vendor answers are read through these guards, because by the vendor's own words every member of them is optional. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The list itself, else an empty one. */
export const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** Text that is not empty, else undefined. */
export const asText = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** A member of an object, else undefined. */
export const member = (value: unknown, name: string): unknown => (isObject(value) ? value[name] : undefined)

/** Texts of a member that is a text or a list of texts: `context` of errors comes in both forms. */
export const texts = (value: unknown): string[] => (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string')
