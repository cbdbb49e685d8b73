const instant = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/
const day = /^(\d{4})-(\d{2})-(\d{2})$/

const daysIn = (year: number, month: number): number =>
  month === 2 ? (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31

const isDay = (year: string | undefined, month: string | undefined, date: string | undefined): boolean => {
  const [y, m, d] = [Number(year), Number(month), Number(date)]
  return y >= 1 && m >= 1 && m <= 12 && d >= 1 && d <= daysIn(y, m)
}

/** Whether a text is a day that exists, as `YYYY-MM-DD`, from year 1 to 9999. */
export const isCalendarDate = (text: string): boolean => {
  const match = day.exec(text)
  return match !== null && isDay(match[1], match[2], match[3])
}

/** Epoch ms of an ISO 8601 date-time with a zone; undefined when it is none or the day does not exist (`Date.parse` moves 30 February to March). */
export const parseInstant = (text: string): number | undefined => {
  const match = instant.exec(text)
  if (match === null || !isDay(match[1], match[2], match[3])) return undefined
  const epochMs = Date.parse(text)
  return Number.isNaN(epochMs) ? undefined : epochMs
}

/** An instant as ISO 8601 in UTC with milliseconds; undefined outside of the years 1 to 9999. */
export const instantText = (epochMs: number): string | undefined => {
  if (!Number.isFinite(epochMs) || Math.abs(epochMs) > 8.64e15) return undefined
  const text = new Date(epochMs).toISOString()
  return text.length === 24 && !text.startsWith('0000') ? text : undefined
}
