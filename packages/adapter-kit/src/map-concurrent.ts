import { MillraceError } from '@millrace/core'

/**
 * Runs `work` for every item, at most `limit` at a time, and yields what they yield as it comes. When one throws, or the signal aborts, no further item is
 * started, what the others in flight still yield is passed on, and then the first error is thrown (of a signal MillraceError `aborted`): outcomes
 * that are known are never dropped.
 */
export async function* mapConcurrent<Item, Result>(
  items: Iterable<Item>,
  limit: number,
  work: (item: Item) => AsyncIterable<Result>,
  signal?: AbortSignal,
): AsyncGenerator<Result, void, undefined> {
  type Step = { source: AsyncIterator<Result>; result?: IteratorResult<Result>; error?: unknown }
  const waiting = Iterator.from(items)
  const running = new Map<AsyncIterator<Result>, Promise<Step>>()
  let failure: { error: unknown } | undefined

  const step = (source: AsyncIterator<Result>): Promise<Step> =>
    source.next().then(
      (result) => ({ source, result }),
      (error: unknown) => ({ source, error }),
    )
  const start = (): void => {
    if (signal?.aborted === true) failure ??= { error: aborted(signal) }
    if (failure !== undefined) return
    while (running.size < limit) {
      const next = waiting.next()
      if (next.done === true) return
      const source = work(next.value)[Symbol.asyncIterator]()
      running.set(source, step(source))
    }
  }

  try {
    for (start(); running.size > 0; start()) {
      const { source, result, error } = await Promise.race(running.values())
      if (result === undefined) failure ??= { error }
      if (result === undefined || result.done === true) {
        running.delete(source)
        continue
      }
      running.set(source, step(source))
      yield result.value
    }
  } finally {
    // Reached early when the consumer stops: let the sources close what they hold.
    await Promise.allSettled([...running.keys()].map(async (source) => source.return?.()))
  }
  if (failure !== undefined) throw failure.error
}

const aborted = ({ reason }: AbortSignal): MillraceError =>
  new MillraceError({
    code: 'aborted',
    scope: 'batch',
    retryable: true,
    message: 'The work was stopped before all of it was begun; the rest is done by the next pass.',
    cause: reason,
  })
