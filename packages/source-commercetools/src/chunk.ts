/** Values per request. */
const most = 100
/** Characters of a request's address given to values: servers and proxies refuse addresses of more than about 8 KB. */
const room = 6000
/** The name of the input variable before each value. */
const overhead = '&var.values='.length

/** The distinct values in chunks that fit into the address of a request. A single value too long for that gets a chunk of its own. */
export const chunksOf = (values: Iterable<string>): string[][] => {
  const chunks: string[][] = []
  let length = Number.POSITIVE_INFINITY
  for (const value of new Set(values)) {
    const own = encodeURIComponent(value).length + overhead
    const last = chunks.at(-1)
    if (last !== undefined && last.length < most && length + own <= room) {
      last.push(value)
      length += own
    } else {
      chunks.push([value])
      length = own
    }
  }
  return chunks
}
