import type { ErasureOutcome, ErasureTarget } from '@millrace/adapter-kit'
import type { Writer } from './writer.ts'

/** Takes people out of every row that was ever written about them. What belonged to them stays without them: its amounts are the books. */
export async function* eraseFrom(writer: Writer, people: readonly ErasureTarget[], now: number): AsyncGenerator<ErasureOutcome[]> {
  for (const { unit, key, related } of people) {
    const own = ['customer', 'consent'].map((object) => ({ object, key }))
    const events = related.flatMap(({ object, key: relatedKey }) => (object === 'event' ? [{ object, key: relatedKey }] : []))
    const held = await writer.erase([...own, ...events], now)
    yield [
      {
        unit,
        result: held > 0 ? 'erased' : 'absent',
        remains: held > 0 ? ['Orders and carts stay with their amounts, without the person.'] : [],
      },
    ]
  }
}
