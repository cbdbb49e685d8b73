/** Compares text by its UTF-8 bytes, as SQLite does: neighbours in an index are written together. Plain ASCII needs no encoding. */
export const compareText = (left: string, right: string): number => {
  const length = Math.min(left.length, right.length)
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index)
    const b = right.charCodeAt(index)
    // Surrogates sort below U+E000 as code units and above it as bytes.
    if (a !== b) return a >= 0xd800 || b >= 0xd800 ? Buffer.compare(Buffer.from(left), Buffer.from(right)) : a - b
  }
  return left.length - right.length
}

/** A copy sorted by a text key; equal keys keep their order. */
export const sortedBy = <Item>(items: readonly Item[], key: (item: Item) => string): Item[] =>
  items
    .map((item) => ({ item, key: key(item) }))
    .toSorted((a, b) => compareText(a.key, b.key))
    .map(({ item }) => item)
