/** A seeded source of randomness: the same seed gives the same run. */
export interface Random {
  /** A number in [0, 1). */
  next(): number
  /** An integer in [0, bound). */
  integer(bound: number): number
  /** A new array with the same members in another order. */
  shuffle<T>(items: readonly T[]): T[]
}

/**
 * Creates a seeded pseudo random generator (mulberry32). Good enough to vary order and faults; not for secrets.
 * @param seed any integer; equal seeds give equal sequences
 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const integer = (bound: number): number => Math.floor(next() * bound)
  return {
    next,
    integer,
    shuffle<T>(items: readonly T[]): T[] {
      const shuffled = [...items]
      for (let last = shuffled.length - 1; last > 0; last -= 1) {
        const other = integer(last + 1)
        const swapped = shuffled[last] as T
        shuffled[last] = shuffled[other] as T
        shuffled[other] = swapped
      }
      return shuffled
    },
  }
}
