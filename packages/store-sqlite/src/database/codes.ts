import type { Cause, DeliveryState, MemberRole, SettledResult, UnitKind } from '@millrace/core'

/** A closed set of words and their numbers in the file. The order is part of the file's format: add at the end, never reorder. */
interface Codes<Word extends string> {
  of(word: Word): number
  word(code: number): Word
}

const missing = (what: unknown): never => {
  throw new Error(`Unknown code ${String(what)}`)
}

const codes = <Word extends string>(words: readonly Word[]): Codes<Word> => {
  const byWord = new Map(words.map((word, code) => [word, code]))
  return { of: (word) => byWord.get(word) ?? missing(word), word: (code) => words[code] ?? missing(code) }
}

/** The states; the partial indexes of the schema name them by number. All take one byte in the file (0 and 1 would take none), so that rows keep their size. */
export const state: Readonly<Record<DeliveryState, number>> = {
  ready: 2,
  sending: 3,
  settled: 4,
  pending: 5,
  parked: 6,
  dead: 7,
  held: 8,
}

const stateWords = new Map(Object.entries(state).map(([word, code]) => [code, word as DeliveryState]))

/** The word for a state's number. */
export const stateWord = (code: number): DeliveryState => stateWords.get(code) ?? missing(code)

export const resultCodes: Codes<SettledResult> = codes(['created', 'updated', 'unchanged', 'skipped', 'superseded', 'archived'])
export const kindCodes: Codes<UnitKind> = codes(['category', 'product', 'company', 'person', 'consent', 'order', 'cart', 'event'])
export const causeCodes: Codes<Cause> = codes([
  'backfill',
  'delta',
  'push',
  'notification',
  'signals',
  'contract',
  'due',
  'replay',
  'removal',
  'adoption',
])
export const roleCodes: Codes<MemberRole> = codes(['account', 'guest', 'order'])
/** Brings what was there before. */
export const isOfBackfill = (cause: Cause): boolean => cause === 'backfill' || cause === 'contract'
export const originCodes: Codes<'backfill' | 'live'> = codes(['backfill', 'live'])

/** Parents come before their children; a consent belongs to its person. */
const ranks: Readonly<Record<UnitKind, number>> = {
  category: 0,
  product: 1,
  company: 2,
  person: 3,
  consent: 3,
  order: 4,
  cart: 5,
  event: 6,
}

/** Priority and rank as one sortable number. */
export const claimOrder = (priority: number, kind: UnitKind): number => priority * 8 + ranks[kind]

/** The priority in a claim order. */
export const priorityOf = (order: number): number => Math.floor(order / 8)
