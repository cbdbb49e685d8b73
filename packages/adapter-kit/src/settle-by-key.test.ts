import type { Input, Outcome } from '@millrace/core'
import { MillraceError } from '@millrace/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inputOf } from './testing/input-of.ts'
import { settleByKey } from './settle-by-key.ts'

const input = (key: string): Input => inputOf('contact', key, {}, { unit: `unit:${key}` })

type Row = { key?: string; ok: boolean }
const outcome = ({ unit }: Input, row: Row): Outcome =>
  row.ok
    ? { unit, result: 'delivered', created: false }
    : { unit, result: 'failed', error: new MillraceError({ code: 'rejected', message: 'no' }) }
const settle = (inputs: readonly Input[], rows: readonly Row[]) => settleByKey(inputs, rows, { rowKey: (row) => row.key, outcome })

describe('settleByKey', () => {
  it('gives the same result however the vendor orders its rows', () => {
    const inputs = ['a', 'b', 'c', '__proto__', 'constructor'].map(input)
    const rows = inputs.map(({ key }, index) => ({ key, ok: index % 2 === 0 }))
    fc.assert(
      fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), (shuffled) => {
        const results = new Map(settle(inputs, shuffled).outcomes.map(({ unit, result }) => [unit, result]))
        expect(results).toEqual(new Map(inputs.map(({ unit }, index) => [unit, index % 2 === 0 ? 'delivered' : 'failed'])))
      }),
    )
  })

  it('counts an input that no row speaks of as absent, never as delivered, and names strange rows', () => {
    const [a, b] = [input('a'), input('b')]
    const settled = settle([a, b], [{ key: 'a', ok: true }, { key: 'z', ok: true }, { ok: true }])
    expect(settled.outcomes).toEqual([{ unit: 'unit:a', result: 'delivered', created: false }])
    expect(settled.absent).toEqual([b])
    expect(settled.strangers).toHaveLength(2)
    expect(settle([a, b], []).absent).toEqual([a, b])
  })

  it('believes the worse of two rows about one input, in either order', () => {
    for (const rows of [
      [true, false],
      [false, true],
    ]) {
      expect(
        settle(
          [input('a')],
          rows.map((ok) => ({ key: 'a', ok })),
        ).outcomes,
      ).toMatchObject([{ result: 'failed' }])
    }
  })

  it('does not let one confirmation count for two inputs of the same key, but a refusal for both', () => {
    const twins = [input('a'), { ...input('a'), unit: 'other' }]
    expect(settle(twins, [{ key: 'a', ok: true }])).toMatchObject({ outcomes: [], absent: twins })
    expect(settle(twins, [{ key: 'a', ok: false }]).outcomes).toHaveLength(2)
  })

  it('correlates by another key when inputs were sent under one', () => {
    const settled = settleByKey([input('Key A')], [{ key: 'key a', ok: true }], {
      inputKey: ({ key }) => key.toLowerCase(),
      rowKey: (row) => row.key,
      outcome,
    })
    expect(settled.outcomes).toHaveLength(1)
  })
})
