const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/
const day = /^\d{4}-\d{2}-\d{2}$/
const daysOfMonths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)

/** Whether the first ten characters of a text, digits where a date has them, are a day that exists. */
const startsWithDay = (text: string): boolean => {
  const year = Number(text.slice(0, 4))
  const month = Number(text.slice(5, 7))
  const date = Number(text.slice(8, 10))
  return year >= 1 && date >= 1 && date <= (month === 2 && isLeap(year) ? 29 : (daysOfMonths[month - 1] ?? 0))
}

/** Whether a text is a day that exists, as `YYYY-MM-DD`, from year 1 to 9999. */
export const isCalendarDate = (text: string): boolean => text.length === 10 && day.test(text) && startsWithDay(text)

/** Epoch ms of an ISO 8601 date-time with a zone; undefined when it is none or the day does not exist (`Date.parse` moves 30 February to March). */
export const parseInstant = (text: string): number | undefined => {
  if (!instant.test(text) || !startsWithDay(text)) return undefined
  const epochMs = Date.parse(text)
  return Number.isNaN(epochMs) ? undefined : epochMs
}

/** An instant as ISO 8601 in UTC with milliseconds; undefined outside of the years 1 to 9999. */
export const instantText = (epochMs: number): string | undefined => {
  if (!Number.isFinite(epochMs) || Math.abs(epochMs) > 8.64e15) return undefined
  const text = new Date(epochMs).toISOString()
  return text.length === 24 && !text.startsWith('0000') ? text : undefined
}
