/**
 * Splits items into chunks of at most `size`, in order. With `keyOf`, no chunk holds two items of the same key, which vendors reject or silently merge:
 * the second one goes into a later chunk, so chunks must then be sent one after the other.
 */
export function chunk<Item>(items: readonly Item[], size: number, keyOf?: (item: Item) => string): Item[][] {
  if (!Number.isInteger(size) || size < 1) throw new RangeError(`chunk size must be a positive integer, not ${size}`)
  const chunks: Item[][] = []
  const nextChunkOfKey = new Map<string, number>()
  let firstOpen = 0
  for (const item of items) {
    const key = keyOf?.(item)
    let at = Math.max(firstOpen, key === undefined ? 0 : (nextChunkOfKey.get(key) ?? 0))
    while ((chunks[at]?.length ?? 0) >= size) at += 1
    const target = chunks[at]
    if (target === undefined) chunks.push([item])
    else target.push(item)
    if (key !== undefined) nextChunkOfKey.set(key, at + 1)
    while ((chunks[firstOpen]?.length ?? 0) >= size) firstOpen += 1
  }
  return chunks
}
