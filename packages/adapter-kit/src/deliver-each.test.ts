import { type Input, isMillraceError, MillraceError, type Outcome } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { deliverEach } from './deliver-each.ts'
import { inputOf } from './testing/input-of.ts'

const inputs = (count: number): Input[] => Array.from({ length: count }, (_, n) => inputOf('person', `k${n}`))
const delivered = ({ unit }: Input): Outcome => ({ unit, result: 'delivered', created: true })
const { signal } = new AbortController()

const failing = (scope: 'record' | 'batch' | 'destination', code = 'broken'): MillraceError =>
  new MillraceError({ code, scope, message: 'It failed.' })

/** Calls that are answered by hand. */
function manual() {
  const open = new Map<string, PromiseWithResolvers<Outcome | undefined>>()
  const begun: string[] = []
  return {
    begun,
    deliver: ({ key, unit }: Input): Promise<Outcome | undefined> => {
      begun.push(key)
      const call = Promise.withResolvers<Outcome | undefined>()
      open.set(unit, call)
      return call.promise
    },
    answer: (unit: string) => open.get(unit)?.resolve({ unit, result: 'delivered', created: false }),
    refuse: (unit: string, error: unknown) => open.get(unit)?.reject(error),
  }
}

async function collect(batches: AsyncIterable<Outcome[]>): Promise<{ outcomes: Outcome[]; thrown?: unknown }> {
  const outcomes: Outcome[] = []
  try {
    for await (const batch of batches) outcomes.push(...batch)
    return { outcomes }
  } catch (thrown) {
    return { outcomes, thrown }
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('deliverEach', () => {
  it('sends the first one alone, then no more at a time than it may', async () => {
    const vendor = manual()
    const all = collect(deliverEach(inputs(5), { concurrency: 2, signal, deliver: vendor.deliver }))
    await settled()
    expect(vendor.begun).toEqual(['k0'])
    vendor.answer('person:k0')
    await settled()
    expect(vendor.begun).toEqual(['k0', 'k1', 'k2'])
    vendor.answer('person:k2')
    await settled()
    expect(vendor.begun).toEqual(['k0', 'k1', 'k2', 'k3'])
    for (const unit of ['person:k1', 'person:k3']) vendor.answer(unit)
    await settled()
    vendor.answer('person:k4')
    expect((await all).outcomes).toHaveLength(5)
  })

  it('lets inputs of one key follow each other, in their order', async () => {
    const vendor = manual()
    const [first, second, third] = inputs(3)
    const twin = { ...inputOf('person', 'k1'), unit: 'person:twin' }
    const all = collect(
      deliverEach(
        [first, second, twin, third].flatMap((one) => one ?? []),
        { concurrency: 5, signal, deliver: vendor.deliver },
      ),
    )
    await settled()
    vendor.answer('person:k0')
    await settled()
    expect(vendor.begun).toEqual(['k0', 'k1', 'k2'])
    vendor.answer('person:k1')
    await settled()
    expect(vendor.begun).toEqual(['k0', 'k1', 'k2', 'k1'])
    vendor.answer('person:twin')
    vendor.answer('person:k2')
    expect((await all).outcomes.map(({ unit }) => unit).toSorted()).toEqual(['person:k0', 'person:k1', 'person:k2', 'person:twin'])
  })

  it.each(['record', 'batch'] as const)('lets a failure of scope %s cost one record', async (scope) => {
    const deliver = async (input: Input): Promise<Outcome> => {
      if (input.key === 'k1') throw failing(scope)
      return Promise.resolve(delivered(input))
    }
    const { outcomes, thrown } = await collect(deliverEach(inputs(3), { concurrency: 2, signal, deliver }))
    expect(thrown).toBeUndefined()
    expect(Object.fromEntries(outcomes.map(({ unit, result }) => [unit, result]))).toEqual({
      'person:k0': 'delivered',
      'person:k1': 'failed',
      'person:k2': 'delivered',
    })
  })

  it('begins nothing after an error of the destination, and passes on what was under way', async () => {
    const vendor = manual()
    const all = collect(deliverEach(inputs(6), { concurrency: 2, signal, deliver: vendor.deliver }))
    await settled()
    vendor.answer('person:k0')
    await settled()
    vendor.refuse('person:k1', failing('destination', 'credentials_rejected'))
    await settled()
    vendor.answer('person:k2')
    const { outcomes, thrown } = await all
    expect(thrown).toMatchObject({ code: 'credentials_rejected' })
    expect(outcomes.map(({ unit }) => unit)).toEqual(['person:k0', 'person:k2'])
    expect(vendor.begun).toEqual(['k0', 'k1', 'k2'])
  })

  it('sends one request only when the first is refused for all', async () => {
    const begun: string[] = []
    const deliver = (input: Input): Promise<Outcome> => {
      begun.push(input.key)
      return Promise.reject(failing('destination'))
    }
    expect((await collect(deliverEach(inputs(9), { concurrency: 5, signal, deliver }))).thrown).toMatchObject({ code: 'broken' })
    expect(begun).toEqual(['k0'])
  })

  it('begins nothing when it was stopped before, and throws a bug as it is', async () => {
    const begun: string[] = []
    const deliver = (input: Input): Promise<Outcome> => {
      begun.push(input.key)
      return Promise.reject(new TypeError('x is not a function'))
    }
    const stopped = await collect(deliverEach(inputs(2), { concurrency: 2, signal: AbortSignal.abort(), deliver }))
    expect(isMillraceError(stopped.thrown) && stopped.thrown.code).toBe('aborted')
    expect(begun).toEqual([])
    expect((await collect(deliverEach(inputs(2), { concurrency: 2, signal, deliver }))).thrown).toBeInstanceOf(TypeError)
  })

  it('says that the rest was not sent when it was stopped between two of them, and not when one was under way', async () => {
    const between = new AbortController()
    const stopped = await collect(
      deliverEach(inputs(3), {
        concurrency: 1,
        signal: between.signal,
        deliver(input) {
          between.abort()
          return Promise.resolve(delivered(input))
        },
      }),
    )
    expect(stopped).toMatchObject({ outcomes: [{ unit: 'person:k0' }], thrown: { code: 'aborted', context: { applied: 'no' } } })
    const within = new AbortController()
    const open = await collect(
      deliverEach(inputs(3), {
        concurrency: 1,
        signal: within.signal,
        deliver() {
          within.abort()
          return Promise.resolve(undefined)
        },
      }),
    )
    expect(open.thrown).toMatchObject({ code: 'aborted' })
    expect(isMillraceError(open.thrown) && open.thrown.context['applied']).toBeUndefined()
  })

  it('says nothing of a record that the vendor did not confirm', async () => {
    const { outcomes } = await collect(deliverEach(inputs(2), { concurrency: 2, signal, deliver: () => Promise.resolve(undefined) }))
    expect(outcomes).toEqual([])
  })
})
