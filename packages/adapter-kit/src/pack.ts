/** What one request takes. */
export interface PackLimits<Item> {
  maxItems?: number
  maxBytes: number
  /** Bytes of an item in the request, with what stands between items. */
  bytesOf: (item: Item) => number
}

/** Packs items, in order, into groups that each fit one request. An item that is larger than a request goes alone, so that its refusal is its own. */
export function pack<Item>(items: Iterable<Item>, { maxItems = Infinity, maxBytes, bytesOf }: PackLimits<Item>): Item[][] {
  const packs: Item[][] = []
  let room = 0
  for (const item of items) {
    const bytes = bytesOf(item)
    const last = packs.at(-1)
    if (last === undefined || bytes > room || last.length >= maxItems) {
      packs.push([item])
      room = maxBytes - bytes
    } else {
      last.push(item)
      room -= bytes
    }
  }
  return packs
}
