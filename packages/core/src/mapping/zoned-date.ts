/** Whether the platform knows a time zone by this name. */
export const isTimeZone = (zone: unknown): boolean => {
  try {
    return typeof zone === 'string' && new Intl.DateTimeFormat('en', { timeZone: zone }) instanceof Intl.DateTimeFormat
  } catch {
    return false
  }
}

const slotMs = 900_000
const maxSlots = 20_000

/**
 * Gives the calendar date of an instant in a time zone. Since 1972 every offset is a multiple of 15 minutes, so that one date holds for a whole quarter hour
 * and the slow formatter runs once per quarter. Throws RangeError for a time zone that the platform does not know.
 */
export const zonedDate = (timeZone: string): ((epochMs: number) => string) => {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    era: 'short',
  })
  const slots = new Map<number, string>()
  const slow = (epochMs: number): string => {
    const parts: Record<string, string> = {}
    for (const { type, value } of format.formatToParts(epochMs)) parts[type] = value
    return `${(parts['year'] ?? '').padStart(4, '0')}-${parts['month'] ?? ''}-${parts['day'] ?? ''}`
  }
  return (epochMs) => {
    if (epochMs < 63_072_000_000) return slow(epochMs)
    const slot = Math.floor(epochMs / slotMs)
    const known = slots.get(slot)
    if (known !== undefined) return known
    if (slots.size >= maxSlots) slots.clear()
    const date = slow(epochMs)
    slots.set(slot, date)
    return date
  }
}
