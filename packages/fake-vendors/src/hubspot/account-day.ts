/** Where a day of the account ends. */
export interface AccountDay {
  /** Epoch ms of the next midnight in the account's time zone after `at`. */
  nextMidnight(at: number): number
}

/** Creates the calendar of a time zone. Daylight saving is respected: days have 23, 24 or 25 hours. */
export function createAccountDay(timeZone: string): AccountDay {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  /** The wall clock of the zone, written as if it were UTC. */
  function wallClock(at: number): number {
    const part = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
    const get = (type: Intl.DateTimeFormatPartTypes): number => part.get(type) ?? 0
    return Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second'))
  }
  return {
    nextMidnight(at) {
      const wall = wallClock(at)
      const target = Math.floor(wall / 86_400_000) * 86_400_000 + 86_400_000
      let guess = target - (wall - at)
      // The offset at midnight may differ from the offset now.
      for (let round = 0; round < 2; round += 1) guess = target - (wallClock(guess) - guess)
      return Math.ceil(guess / 1000) * 1000
    },
  }
}
