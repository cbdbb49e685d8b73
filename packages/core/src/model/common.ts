import { z } from 'zod'

/** A point in time as ISO 8601 in UTC with milliseconds, for example `2026-03-01T12:00:00.000Z`. */
export const instantSchema: z.ZodType<string> = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/, 'an ISO 8601 instant in UTC with milliseconds')

/** Keys in order, so that equal content is written as equal text whatever order a source keeps. `__proto__` stays an ordinary key. */
const sortedKeys = <T>(value: Record<string, T>): Record<string, T> => {
  const keys = Object.keys(value)
  if (keys.every((key, index) => index === 0 || (keys[index - 1] ?? '') < key)) return value
  return Object.fromEntries(keys.toSorted().map((key) => [key, value[key]] as [string, T]))
}

/** Text by locale (`{ 'de-DE': 'Hemd', en: 'Shirt' }`). Locale keys are BCP 47. */
export type Localized = Record<string, string>
export const localizedSchema: z.ZodType<Localized> = z.record(z.string(), z.string()).overwrite(sortedKeys)

/**
 * Values of custom fields and attributes after normalisation: text, numbers, booleans, exact money (`{ currency, amount }`), enums
 * (`{ key, label }`, label plain or localized), references (`{ type, id, key? }`), localized text, and sets or nested values of all these.
 */
export type CustomValue = string | number | boolean | null | CustomValue[] | { [key: string]: CustomValue }
export const customValueSchema: z.ZodType<CustomValue> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(customValueSchema),
    z.record(z.string(), customValueSchema).overwrite(sortedKeys),
  ]),
)

/** Custom fields or attributes by name. */
export type CustomFields = Record<string, CustomValue>
export const customFieldsSchema: z.ZodType<CustomFields> = z.record(z.string(), customValueSchema).overwrite(sortedKeys)

/** A thing that is named by id and, where the platform has one, by a stable key and a readable name. */
export const namedSchema: z.ZodType<Named> = z.object({ id: z.string(), key: z.string().optional(), name: z.string().optional() })
export interface Named {
  id: string
  key?: string | undefined
  name?: string | undefined
}

/** A postal address. `country` is ISO 3166-1 alpha-2, upper case. Every part may be missing. */
export const addressSchema = z.object({
  id: z.string().optional(),
  title: z.string().optional(),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  company: z.string().optional(),
  streetName: z.string().optional(),
  streetNumber: z.string().optional(),
  additional: z.string().optional(),
  postalCode: z.string().optional(),
  city: z.string().optional(),
  region: z.string().optional(),
  state: z.string().optional(),
  country: z.string().optional(),
  phone: z.string().optional(),
  mobile: z.string().optional(),
  email: z.string().optional(),
})
export type Address = z.infer<typeof addressSchema>
