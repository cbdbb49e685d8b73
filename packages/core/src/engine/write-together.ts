interface Waiter<Item> {
  items: readonly Item[]
  resolve: () => void
  reject: (reason: unknown) => void
}

/** What arrives while `write` is at work goes with its next call: a burst costs a few transactions and not one for each request. Resolves when it is written. */
export const writeTogether = <Item>(write: (items: readonly Item[]) => Promise<unknown>): ((items: readonly Item[]) => Promise<void>) => {
  let waiting: Waiter<Item>[] = []
  let writing = false

  const work = async (): Promise<void> => {
    writing = true
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        await write(batch.flatMap(({ items }) => items))
        for (const { resolve } of batch) resolve()
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    writing = false
  }

  return (items) =>
    new Promise((resolve, reject) => {
      waiting.push({ items, resolve, reject })
      if (!writing) void work()
    })
}
