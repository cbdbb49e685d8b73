import { type Destination, type DestinationContext, type Input, MillraceError, type Outcome } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { mapConcurrent } from '../../map-concurrent.ts'
import { acme } from './acme.fixture.ts'
import { startAcme } from './acme-fake.fixture.ts'
import { acmeConsent } from './acme-consent.fixture.ts'
import { startAcmeConsent } from './acme-consent-fake.fixture.ts'
import { acmeOneByOne } from './acme-one-by-one.fixture.ts'
import { startAcmeOneByOne } from './acme-one-by-one-fake.fixture.ts'
import type { DestinationFake } from './fake.ts'
import { destinationRules } from './rules.ts'
import { checkDestinationRule } from './suite.ts'

type Deliver = Destination['deliver']
const key = { apiKey: 'acme-key' }

const check = async (
  id: string,
  object: string,
  make: (baseUrl: string) => Destination,
  fake: () => Promise<DestinationFake>,
  change: (good: Deliver) => Deliver = (good) => good,
): Promise<void> => {
  const rule = destinationRules.find((one) => one.id === id)
  if (rule === undefined) throw new Error(`there is no rule ${id}`)
  const destination = (baseUrl: string): Destination => {
    const good = make(baseUrl)
    return { ...good, deliver: change((inputs, ctx) => good.deliver(inputs, ctx)) }
  }
  await checkDestinationRule(rule, object, { destination, fake })
}

const persons =
  (change: (good: Deliver, inputs: readonly Input[], ctx: DestinationContext) => AsyncGenerator<Outcome[]>) =>
  (good: Deliver): Deliver =>
    async function* (inputs, ctx) {
      if (inputs[0]?.object === 'person') yield* change(good, inputs, ctx)
      else yield* good(inputs, ctx)
    }

describe('what the suite says to somebody who writes an adapter', () => {
  it('names an error that is none of ours', async () => {
    const broken = check(
      'outcome-per-input',
      'subscriber',
      (baseUrl) => acme({ ...key, baseUrl }),
      startAcme,
      () =>
        async function* () {
          yield await Promise.reject(new TypeError('x is not a function'))
        },
    )
    await expect(broken).rejects.toThrow('the destination threw TypeError: x is not a function, which is no MillraceError')
  })

  it('says what became of a person who has to be there first', async () => {
    const consent = (change: (good: Deliver) => Deliver): Promise<void> =>
      check('opt-out-goes-out', 'permission', (baseUrl) => acmeConsent({ ...key, baseUrl }), startAcmeConsent, change)
    const pending = persons(async function* (_, inputs) {
      yield await Promise.resolve(inputs.map(({ unit }) => ({ unit, result: 'pending', ticket: '1', checkAfterMs: 1 })))
    })
    await expect(consent(pending)).rejects.toThrow(/the people of permission must be delivered first: .* is pending still; `finishImports`/)
    const error = new MillraceError({ code: 'rejected_by_vendor', scope: 'record', message: 'No such field.' })
    const refused = persons(async function* (_, inputs) {
      yield await Promise.resolve(inputs.map(({ unit }) => ({ unit, result: 'failed', error })))
    })
    await expect(consent(refused)).rejects.toThrow('met rejected_by_vendor: No such field.')
  })

  it('brings a person again whom the vendor had no time for', async () => {
    let calls = 0
    const busyOnce = persons(async function* (good, inputs, ctx) {
      calls += 1
      if (calls === 1) throw new MillraceError({ code: 'rate_limited', scope: 'destination', retryable: true, message: 'Slow down.' })
      yield* good(inputs, ctx)
    })
    await check('opt-out-goes-out', 'permission', (baseUrl) => acmeConsent({ ...key, baseUrl }), startAcmeConsent, busyOnce)
    expect(calls).toBeGreaterThan(1)
  })

  it('leaves lists alone that are not its own, and tells which ones it misses', async () => {
    const also = (names: (own: readonly string[]) => string[]) => async (): Promise<DestinationFake> => {
      const fake = await startAcme()
      return { ...fake, membershipsOf: async (object, id) => names((await fake.membershipsOf?.(object, id)) ?? []) }
    }
    const added = (names: (own: readonly string[]) => string[]): Promise<void> =>
      check('memberships-are-added', 'subscriber', (baseUrl) => acme({ ...key, baseUrl }), also(names))
    await added((own) => [...own, 'tag:everybody'])
    await expect(added(() => [])).rejects.toThrow('it is in [] instead of [tag:suite:dimension:one]')
  })

  it.each(['refused-credential', 'obeys-429'])('tells in %s why calls side by side fail', async (id) => {
    const atOnce =
      (good: Deliver): Deliver =>
      (inputs, ctx) =>
        mapConcurrent(inputs, 5, (input) => good([input], ctx))
    const broken = check(id, 'person', (baseUrl) => acmeOneByOne({ ...key, baseUrl }), startAcmeOneByOne, atOnce)
    await expect(broken).rejects.toThrow('send the first one alone')
  })
})
