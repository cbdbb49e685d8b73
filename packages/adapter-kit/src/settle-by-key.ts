import type { Input, Outcome } from '@millrace/core'

/** How {@link settleByKey} reads inputs and vendor rows. */
export interface SettleByKeyOptions<Row, Item extends Input = Input> {
  /** The key an input was sent under; default its own key. */
  inputKey?: (input: Item) => string
  /** The key a vendor row speaks of; `undefined` when the row names none. Compared exactly: fold both sides the same way where the vendor folds. */
  rowKey: (row: Row) => string | undefined
  /** What a row says about its input. */
  outcome: (input: Item, row: Row) => Outcome
}

/** What {@link settleByKey} found. */
export interface SettledByKey<Row, Item extends Input = Input> {
  outcomes: Outcome[]
  /** Inputs that no row spoke of, or none clearly. Yield nothing for them: the engine marks them unconfirmed. */
  absent: Item[]
  /** Rows that name no input, for the log. */
  strangers: Row[]
}

const severity = { delivered: 0, skipped: 1, pending: 2, conflict: 3, failed: 4 } as const

/**
 * Correlates vendor rows to inputs by our own key, never by position (design §7.4). When several rows speak of one input the worst counts: a row that is
 * both in the results and in the errors is not delivered. When several inputs share a key, one confirmation cannot be told apart and counts for none.
 */
export function settleByKey<Row, Item extends Input = Input>(
  inputs: readonly Item[],
  rows: Iterable<Row>,
  options: SettleByKeyOptions<Row, Item>,
): SettledByKey<Row, Item> {
  const inputKey = options.inputKey ?? ((input: Item) => input.key)
  const byKey = Map.groupBy(inputs, inputKey)
  const worst = new Map<Item, Outcome>()
  const strangers: Row[] = []
  for (const row of rows) {
    const key = options.rowKey(row)
    const named = key === undefined ? undefined : byKey.get(key)
    if (named === undefined) {
      strangers.push(row)
      continue
    }
    for (const input of named) {
      const outcome = options.outcome(input, row)
      if (named.length > 1 && outcome.result === 'delivered') continue
      const known = worst.get(input)
      if (known === undefined || severity[outcome.result] > severity[known.result]) worst.set(input, outcome)
    }
  }
  return { outcomes: [...worst.values()], absent: inputs.filter((input) => !worst.has(input)), strangers }
}
