import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Clock } from '../clock.ts'
import { createMillrace } from '../create-millrace.ts'
import { MillraceError } from '../error.ts'
import type { Consent } from '../model/consent.ts'
import { customerSchema } from '../model/customer.ts'
import type { Destination } from '../spec/destination.ts'
import { consentingDestination, memoryStore, scriptedSource, type ConsentingDestination } from '../testing/index.ts'

const hour = 60 * 60_000
const start = Date.parse('2026-05-01T00:00:00.000Z')
const people = ['a', 'b', 'c']

type Said = 'grant with evidence' | 'grant' | 'old grant' | 'deny' | 'nothing'
type Step =
  | { do: 'shop'; who: string; says: Said }
  | { do: 'vendor'; who: string; says: 'granted' | 'denied' | 'bounced' }
  | { do: 'sync' | 'backfill' | 'replay' | 'remap' }
  | { do: 'refuse' | 'lose' | 'heal' }

const one = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values)
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: one('shop' as const),
      who: one(...people),
      says: one<Said>('grant with evidence', 'grant', 'old grant', 'deny', 'nothing'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: one('vendor' as const),
      who: one(...people),
      says: one<'granted' | 'denied' | 'bounced'>('granted', 'denied', 'denied', 'bounced'),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: one<'sync' | 'backfill' | 'replay' | 'remap'>('sync', 'backfill', 'replay', 'remap') }) },
  { weight: 1, arbitrary: fc.record({ do: one<'refuse' | 'lose' | 'heal'>('refuse', 'lose', 'heal') }) },
)

/** What one person said last in the shop, and when and how they last left at the vendor by themselves. The oracle knows nothing else. */
interface Truth {
  shop: { says: Said; at: number } | undefined
  leftAt: number | undefined
  bounced: boolean
}

const consentOf = (says: Said, at: number): Consent[] => {
  if (says === 'nothing') return []
  const status = says === 'deny' ? 'denied' : 'granted'
  return [
    {
      channel: 'email',
      purpose: 'marketing',
      status,
      at: new Date(at).toISOString(),
      ...(says === 'grant' ? {} : { evidence: { form: 'x' } }),
    },
  ]
}

/** Plays steps, then lets everything settle. Gives what was wrong: an opt-in written that nothing allowed, or a status at the end that the oracle does not expect. */
const play = async (steps: readonly Step[], mutate: (good: ConsentingDestination) => Destination = (good) => good): Promise<string[]> => {
  let now = start
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    sleep: (ms) => {
      now += ms
      return Promise.resolve()
    },
  }
  const shop = scriptedSource({ now: start })
  const vendor = consentingDestination({ now: () => now })
  const store = memoryStore()
  const truth = new Map<string, Truth>(people.map((who) => [who, { shop: undefined, leftAt: undefined, bounced: false }]))
  const truthOf = (who: string): Truth => truth.get(who) ?? { shop: undefined, leftAt: undefined, bounced: false }
  const wrong: string[] = []
  const email = (who: string): string => `${who}@example.com`
  let topics = true
  const open = () => {
    const contract = topics ? {} : { consent: { topics: { news: null } } }
    return createMillrace({ sources: { shop }, connections: { vendor: { destination: mutate(vendor), contract } }, store, clock })
  }
  const run = async (work: (millrace: ReturnType<typeof open>) => Promise<unknown>): Promise<void> => {
    const before = vendor.written.length
    const allowed = new Map(people.map((who) => [email(who), mayBeGranted(truthOf(who))]))
    const millrace = open()
    await work(millrace)
    await millrace.close()
    for (const written of vendor.written.slice(before)) {
      if (written.status !== 'granted') continue
      if (allowed.get(written.email) !== true) wrong.push(`${written.email} was subscribed although they left`)
      // Who was brought back rightly has not left any more.
      const who = written.email.slice(0, written.email.indexOf('@'))
      truth.set(who, { ...truthOf(who), leftAt: undefined })
    }
  }
  const put = (who: string, says: Said): void => {
    const at = says === 'old grant' ? start - 1000 * hour : now
    truth.set(who, { ...truthOf(who), shop: { says, at } })
    shop.setNow(now + 1)
    const modifiedAt = new Date(now).toISOString()
    shop.put(
      customerSchema.parse({
        entity: 'customer',
        id: who,
        createdAt: modifiedAt,
        modifiedAt,
        email: email(who),
        consents: consentOf(says, at),
      }),
    )
  }
  const refusal = new MillraceError({ code: 'refused', message: 'Refused.' })

  for (const each of steps) {
    now += hour
    switch (each.do) {
      case 'shop':
        put(each.who, each.says)
        break
      case 'vendor': {
        const known = truthOf(each.who)
        // A vendor does not let somebody opt in whose address bounces.
        if (each.says === 'granted' && known.bounced) break
        if (each.says === 'granted') truth.set(each.who, { ...known, leftAt: undefined })
        else truth.set(each.who, { ...known, leftAt: now, bounced: known.bounced || each.says === 'bounced' })
        const reason = each.says === 'bounced' || known.bounced ? ({ reason: 'bounced' } as const) : {}
        vendor.say(email(each.who), each.says === 'granted' ? 'granted' : 'denied', reason)
        break
      }
      case 'sync':
        await run((millrace) => millrace.sync({ drainMs: 0 }))
        break
      case 'backfill':
        await run((millrace) => millrace.backfill({ drainMs: 0 }))
        break
      case 'replay':
        await run(async (millrace) => {
          await millrace.deadLetters.replay({})
          await millrace.sync({ drainMs: 0 })
        })
        break
      case 'remap':
        topics = !topics
        await run((millrace) => millrace.sync({ drainMs: 0 }))
        break
      case 'refuse':
        vendor.intercept = ({ object, unit }) => (object === 'permission' ? { unit, result: 'failed', error: refusal } : undefined)
        break
      case 'lose':
        vendor.intercept = ({ object }) => (object === 'permission' ? 'silent' : undefined)
        break
      case 'heal':
        vendor.intercept = () => undefined
        break
    }
  }
  vendor.intercept = () => undefined
  topics = true
  for (let round = 0; round < 3; round += 1) {
    now += hour
    await run(async (millrace) => {
      await millrace.deadLetters.replay({})
      await millrace.backfill()
    })
  }
  for (const who of people) {
    const expected = expectedOf(truthOf(who))
    const status = vendor.kept(email(who))?.status
    if (expected !== undefined && status !== expected) wrong.push(`${who} is ${status ?? 'unknown'}, should be ${expected}`)
  }
  const before = vendor.written.length
  await run((millrace) => millrace.backfill())
  if (vendor.written.length > before) wrong.push('what is settled was written again')
  return wrong
}

const isNewer = ({ shop, leftAt }: Truth): boolean => shop !== undefined && leftAt !== undefined && shop.at > leftAt

/** Whether an opt-in may be written now. */
const mayBeGranted = (known: Truth): boolean => {
  const says = known.shop?.says
  if (says === undefined || says === 'deny' || says === 'nothing' || known.bounced) return false
  return known.leftAt === undefined || (says === 'grant with evidence' && isNewer(known))
}

/** What must stand in the end; undefined where that hangs on what was said before. */
const expectedOf = (known: Truth): 'granted' | 'denied' | undefined => {
  const says = known.shop?.says
  if (says === 'deny' || known.bounced) return 'denied'
  if (says === 'nothing' || says === undefined) return known.leftAt === undefined ? undefined : 'denied'
  if (known.leftAt !== undefined) return says === 'grant with evidence' && isNewer(known) ? 'granted' : 'denied'
  return says === 'grant with evidence' ? 'granted' : undefined
}

const steps = fc.array(step, { minLength: 4, maxLength: 25, size: 'max' })

it('whatever is said in whatever order on whatever path, nobody is subscribed who left, and who counts is', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      expect(await play(sequence)).toEqual([])
    }),
    { numRuns: 150 },
  )
})

const without = (good: ConsentingDestination, ...names: ('consentOf' | 'consentChanges')[]): Destination =>
  Object.fromEntries(Object.entries(good).filter(([name]) => !names.some((other) => other === name))) as unknown as Destination

it('a destination that neither tells nor can be asked is found out', async () => {
  const result = await fc.check(
    fc.asyncProperty(
      steps,
      async (sequence) => (await play(sequence, (good) => without(good, 'consentOf', 'consentChanges'))).length === 0,
    ),
    { numRuns: 150 },
  )
  expect(result.failed).toBe(true)
})

it('one of the two is enough', async () => {
  for (const name of ['consentOf', 'consentChanges'] as const) {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        expect((await play(sequence, (good) => without(good, name))).filter((fault) => fault.includes('although they left'))).toEqual([])
      }),
      { numRuns: 60 },
    )
  }
})
