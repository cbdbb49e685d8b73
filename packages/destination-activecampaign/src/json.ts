/** A JSON object. Answers are read through these guards: nearly every number comes as text, and any member may be missing. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A member of an object, else undefined. */
export const member = (value: unknown, name: string): unknown => (isObject(value) ? value[name] : undefined)

/** The list itself, else an empty one. */
export const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** Text, or a number as text; undefined when there is none. */
export const asText = (value: unknown): string | undefined =>
  typeof value === 'number' ? String(value) : typeof value === 'string' && value !== '' ? value : undefined

/** A member whose name the vendor writes in more than one case: `success`, `Success`. */
export const memberInAnyCase = (value: unknown, name: string): unknown =>
  isObject(value) ? Object.entries(value).find(([known]) => known.toLowerCase() === name.toLowerCase())?.[1] : undefined

/** The text of a member. */
export const textOf = (value: unknown, name: string): string | undefined => asText(member(value, name))

/** The objects in a list member: rows of a list answer. */
export const rowsOf = (value: unknown, name: string): Record<string, unknown>[] => asList(member(value, name)).filter(isObject)
