/** One vendor call of {@link bisect} that stands: accepted with all its items, or rejected with the single item that is to blame. */
export interface BisectPart<Item, Reply> {
  items: readonly Item[]
  reply: Reply
  /** True when `items` is one item and the vendor rejected it alone. */
  rejected: boolean
}

/** How {@link bisect} recognises the answer that means "one of these is bad, none was applied". */
export interface BisectOptions<Reply> {
  isBatchRejection(reply: Reply): boolean
}

/**
 * Makes one vendor call for all items; when the whole call is rejected, halves it until the bad items stand alone. Parts are yielded in order, as soon as
 * they are known, so good items settle before the bad ones are found. k bad items among n cost at most `k * (2 * log2(n) + 2)` calls more than one.
 * A call that throws ends the iteration; items not yielded by then have no outcome. An empty list makes no call.
 */
export async function* bisect<Item, Reply>(
  items: readonly Item[],
  call: (items: readonly Item[]) => Promise<Reply>,
  options: BisectOptions<Reply>,
): AsyncGenerator<BisectPart<Item, Reply>, void, undefined> {
  if (items.length === 0) return
  const reply = await call(items)
  const rejected = options.isBatchRejection(reply)
  if (!rejected || items.length === 1) {
    yield { items, reply, rejected }
    return
  }
  const middle = Math.ceil(items.length / 2)
  yield* bisect(items.slice(0, middle), call, options)
  yield* bisect(items.slice(middle), call, options)
}
