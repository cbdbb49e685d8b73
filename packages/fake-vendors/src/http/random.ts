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
  return {
    next,
    integer: (bound) => Math.floor(next() * bound),
    shuffle: (items) =>
      items
        .map((item) => ({ item, key: next() }))
        .toSorted((a, b) => a.key - b.key)
        .map(({ item }) => item),
  }
}
