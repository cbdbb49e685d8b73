import { describe, expect, it } from 'vitest'
import { estimateRequests } from './estimate.ts'

describe('an estimate', () => {
  it('counts batches, adoption reads, lines and links', () => {
    const { calls } = estimateRequests({ contact: 2_000, deal: 5_000, product: 500, company: 0 })
    expect(calls).toEqual({ contact: 40, deal: 50 + 150 + 3 + 8, product: 5, company: 0 })
  })

  it('says what a paid portal allows', () => {
    expect(estimateRequests({})).toEqual({ calls: {}, perMinute: 1_140, perDay: 650_000 })
  })
})
