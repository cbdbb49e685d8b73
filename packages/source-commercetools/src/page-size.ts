/** How many rows to ask for next. */
export interface PageSize {
  readonly rows: number
  /** Tells the size of the reply that brought `rows`. */
  learn(bytes: number): void
  /** Asks for half as many. False when there is nothing left to halve. */
  shrink(): boolean
}

/** The platform aims at documents of 100 KB and allows 16 MB; a page of this size stays quick to send, parse and hold. */
const heavy = 4_000_000
const light = 1_000_000

/** Pages sized by weight: half as many rows after a heavy reply, twice as many after a light one, never above where it began. */
export const createPageSize = (most: number): PageSize => {
  let rows = most
  const shrink = (): boolean => {
    if (rows === 1) return false
    rows = Math.ceil(rows / 2)
    return true
  }
  return {
    get rows() {
      return rows
    },
    learn: (bytes) => {
      if (bytes > heavy) shrink()
      else if (bytes < light) rows = Math.min(most, rows * 2)
    },
    shrink,
  }
}
