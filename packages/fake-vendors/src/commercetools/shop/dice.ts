import { createRandom } from '../../http/random.ts'

/** Seeded choices: the same seed makes the same shop. */
export interface Dice {
  chance(probability: number): boolean
  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number
  pick<T>(choices: readonly T[]): T
  /** A choice by weight. */
  weighted<T>(choices: readonly (readonly [T, number])[]): T
  /** Up to `count` different choices, in their order. */
  some<T>(choices: readonly T[], count: number): T[]
  /** An id in the form of a UUID. */
  uuid(): string
}

/** Makes dice from a seed. */
export function createDice(seed: number): Dice {
  const random = createRandom(seed)
  const hex = (digits: number): string => {
    let text = ''
    while (text.length < digits) text += random.integer(0x1_00_00_00).toString(16).padStart(6, '0')
    return text.slice(0, digits)
  }
  const pick = <T>(choices: readonly T[]): T => {
    const index = random.integer(choices.length)
    const [choice] = choices.slice(index, index + 1)
    if (choice === undefined) throw new Error('Nothing to choose from')
    return choice
  }
  return {
    chance: (probability) => random.next() < probability,
    between: (low, high) => low + random.integer(high - low + 1),
    pick,
    weighted(choices) {
      let rest = random.next() * choices.reduce((sum, [, weight]) => sum + weight, 0)
      const found = choices.find(([, weight]) => (rest -= weight) < 0)
      return (found ?? pick(choices))[0]
    },
    some(choices, count) {
      const chosen = new Set(random.shuffle(choices).slice(0, count))
      return choices.filter((choice) => chosen.has(choice))
    },
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
  }
}
