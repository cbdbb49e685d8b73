import { describe, expect, it } from 'vitest'
import type { ConsentRegions, ContractOverride } from '../contract/contract.ts'
import { holds, path } from '../contract/expression.ts'
import { is } from '../contract/predicate.ts'
import { createMillrace } from '../create-millrace.ts'
import type { Clock } from '../clock.ts'
import type { Consent } from '../model/consent.ts'
import { customerSchema } from '../model/customer.ts'
import { consentingDestination, memoryStore, scriptedSource, type ConsentingOptions } from '../testing/index.ts'

const hour = 60 * 60_000
const start = Date.parse('2026-05-01T00:00:00.000Z')
const regions: ConsentRegions = { countries: { DE: 'double-opt-in', FR: 'opt-in', US: 'opt-out' }, otherwise: 'opt-in' }
const decided: ContractOverride = {
  consent: { regions },
  objects: {
    contact: {
      fields: {
        status: { type: 'string', value: path('consent.email.status'), blank: 'erase' },
        why: { type: 'string', value: path('consent.email.reason'), blank: 'erase' },
        regime: { type: 'string', value: path('consent.email.regime') },
      },
    },
  },
  memberships: [{ kind: 'list', name: 'suppressed', value: holds(is('consent.email.suppressed', true)) }],
}

const says = (status: 'granted' | 'denied', at: number | undefined = start, basis?: string): Consent => ({
  channel: 'email',
  purpose: 'marketing',
  status,
  source: 'shop',
  evidence: { form: 'footer' },
  ...(at === undefined ? {} : { at: new Date(at).toISOString() }),
  ...(basis === undefined ? {} : { basis }),
})

const world = (options: Partial<ConsentingOptions> = {}, contract: ContractOverride = decided) => {
  let now = start + 10 * hour
  const clock: Clock = { now: () => now, monotonic: () => now, sleep: (ms) => Promise.resolve(void (now += ms)) }
  const shop = scriptedSource({ now: start + 1000 * hour })
  const crm = consentingDestination({ now: () => now, ...options })
  const store = memoryStore()
  const open = (changed: ContractOverride = contract) =>
    createMillrace({ sources: { shop }, connections: { crm: { destination: crm, contract: changed } }, store, clock })
  const at = '2026-05-01T00:00:00.000Z'
  return {
    shop,
    crm,
    open,
    pass: (ms: number) => void (now += ms),
    put: (id: string, country: string | undefined, consents: Consent[] = []) =>
      shop.put(
        customerSchema.parse({
          entity: 'customer',
          id,
          createdAt: at,
          modifiedAt: at,
          email: `${id}@example.com`,
          consents,
          ...(country === undefined ? {} : { billingAddress: { country } }),
        }),
      ),
    /** `status why`, with a star for those on the list, of everybody. */
    said: () =>
      Object.fromEntries(
        crm.objectsOf('contact').map(({ fields, memberships }) => {
          const { email, status, why } = fields
          return [
            String(email).split('@')[0],
            [status, why, memberships.has('list:suppressed') ? '*' : undefined].filter(Boolean).join(' '),
          ]
        }),
      ),
    writes: () => crm.inputs.flat().filter(({ object }) => object === 'contact').length,
  }
}

describe('what is decided about consent, in a field and a list', () => {
  it('says who is suppressed by the rules of the region, and who by a word', async () => {
    const w = world()
    w.put('silent-de', 'DE')
    w.put('silent-us', 'US')
    w.put('silent-nowhere', undefined)
    w.put('once-de', 'DE', [says('granted')])
    w.put('twice-de', 'DE', [says('granted', start, 'double-opt-in')])
    w.put('once-fr', 'FR', [says('granted')])
    w.put('no-us', 'US', [says('denied')])
    await w.open().sync()
    expect(w.said()).toEqual({
      'silent-de': 'unknown no-opt-in *',
      'silent-us': 'unknown',
      'silent-nowhere': 'unknown no-opt-in *',
      'once-de': 'unknown no-opt-in *',
      'twice-de': 'granted',
      'once-fr': 'granted',
      'no-us': 'denied unsubscribed *',
    })
    expect(w.crm.objectsOf('contact').find(({ fields }) => fields['email'] === 'silent-nowhere@example.com')?.fields['regime']).toBe(
      'double-opt-in',
    )
    const before = w.writes()
    await w.open().backfill()
    expect(w.writes()).toBe(before)
  })

  it('changes when the destination tells of an opt-out, a bounce or an opt-in, though no record did', async () => {
    const w = world({ consent: { authority: 'destination', topics: { news: { channel: 'email', target: 'news' } } } })
    w.put('a', 'FR', [says('granted')])
    w.put('b', 'FR', [says('granted')])
    w.put('c', 'FR')
    w.put('d', 'FR', [says('granted')])
    await w.open().sync()
    expect(w.said()).toEqual({ a: 'granted', b: 'granted', c: 'unknown no-opt-in *', d: 'granted' })
    w.pass(hour)
    w.crm.say('a@example.com', 'denied')
    w.crm.say('b@example.com', 'denied', { reason: 'bounced' })
    w.crm.say('c@example.com', 'granted')
    const before = w.writes()
    await w.open().sync()
    expect(w.said()).toEqual({ a: 'denied unsubscribed *', b: 'denied bounced *', c: 'granted', d: 'granted' })
    expect(w.writes()).toBe(before + 3)
    await w.open().sync()
    expect(w.writes()).toBe(before + 3)
  })

  it('changes when an opt-out is found only because an opt-in was to be written', async () => {
    const w = world({ tells: false })
    w.crm.say('a@example.com', 'denied', { reason: 'complained' })
    w.put('a', 'FR', [says('granted')])
    await w.open().sync()
    expect(w.said()).toEqual({ a: 'denied complained *' })
    expect(w.crm.written).toEqual([])
  })

  it('changes with the country of the person, and with the regions of the contract', async () => {
    const w = world()
    w.put('a', 'US')
    w.put('b', 'US')
    await w.open().sync()
    expect(w.said()).toEqual({ a: 'unknown', b: 'unknown' })
    w.put('a', 'DE')
    await w.open().backfill()
    expect(w.said()).toEqual({ a: 'unknown no-opt-in *', b: 'unknown' })
    const stricter: ContractOverride = { ...decided, consent: { regions: { countries: {}, otherwise: 'double-opt-in' } } }
    const before = w.writes()
    await w.open(stricter).sync()
    expect(w.said()).toEqual({ a: 'unknown no-opt-in *', b: 'unknown no-opt-in *' })
    expect(w.writes()).toBe(before + 1)
  })

  it('follows an opt-in that was made after an opt-out without a time was first seen', async () => {
    const w = world({ consent: { authority: 'destination', topics: { news: { channel: 'email', target: 'news' } } } })
    w.put('a', 'US', [{ ...says('denied'), at: undefined }])
    await w.open().sync()
    expect(w.said()).toEqual({ a: 'denied unsubscribed *' })
    w.pass(hour)
    w.crm.say('a@example.com', 'granted')
    await w.open().sync()
    expect(w.crm.kept('a@example.com')?.status).toBe('granted')
    expect(w.said()).toEqual({ a: 'granted' })
  })

  it('is suppressed only when no topic of the channel may be sent', async () => {
    const topics = { news: { channel: 'email', target: 'news' }, hints: { channel: 'email', target: 'hints' } } as const
    const w = world({ consent: { authority: 'source', topics } })
    w.put('a', 'FR', [says('granted')])
    w.put('b', 'FR', [says('granted')])
    await w.open().sync()
    w.pass(hour)
    w.crm.say('a@example.com', 'denied', { target: 'hints' })
    for (const target of ['news', 'hints']) w.crm.say('b@example.com', 'denied', { target })
    await w.open().sync()
    expect(w.said()).toEqual({ a: 'granted', b: 'denied unsubscribed *' })
  })

  it('can decide who is taken at all', async () => {
    const w = world({}, { ...decided, include: { person: is('consent.email.suppressed', false) } })
    w.put('a', 'DE')
    w.put('b', 'FR', [says('granted')])
    await w.open().sync()
    expect(w.said()).toEqual({ b: 'granted' })
  })

  it('is tried by examples and shown in the mapping sheet', async () => {
    const w = world()
    const person = { entity: 'customer' as const, id: 'a', email: 'a@example.com', billingAddress: { country: 'DE' } }
    const examples = [
      {
        name: 'silent in Germany',
        object: 'contact',
        records: [person],
        expect: { fields: { status: 'unknown', why: 'no-opt-in' }, memberships: ['list:suppressed'] },
      },
    ]
    const millrace = createMillrace({
      sources: { shop: w.shop },
      connections: { crm: { destination: w.crm, contract: decided, examples } },
      store: memoryStore(),
    })
    expect(await millrace.contracts.test()).toEqual([{ connection: 'crm', passed: 1, failed: [] }])
    const { mapping } = await millrace.contracts.docs('crm')
    expect(mapping.find(({ field }) => field === 'status')?.example).toMatch(/granted|denied|unknown/)
  })
})
