/** What `read` gave, until it is forgotten. */
export interface Remembered<T> {
  get(signal: AbortSignal): Promise<T>
  forget(): void
}

/** Reads once and keeps it; a failure is not kept. */
export const remembered = <T>(read: (signal: AbortSignal) => Promise<T>): Remembered<T> => {
  let held: Promise<T> | undefined
  return {
    get(signal) {
      if (held !== undefined) return held
      const reading = read(signal)
      held = reading
      reading.catch(() => {
        if (held === reading) held = undefined
      })
      return reading
    },
    forget() {
      held = undefined
    },
  }
}
