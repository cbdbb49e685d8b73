import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FieldRule } from '../contract/contract.ts'
import { path } from '../contract/expression.ts'
import { is } from '../contract/predicate.ts'
import { createMillrace } from '../create-millrace.ts'
import { customerSchema, type Customer } from '../model/customer.ts'
import type { Destination, ReadObject } from '../spec/destination.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../testing/index.ts'
import { shortHash } from './fingerprint.ts'
import { sourceWins } from './shared-fields.ts'

const day = (number: number): string => `2026-05-${String(number).padStart(2, '0')}T00:00:00.000Z`
const phone: FieldRule = {
  type: 'phone',
  value: path('phone'),
  owner: 'shared',
  verified: { when: is('custom.phoneVerified', true), field: 'phone_verified' },
}

/** A CRM that tells when each field was changed. */
const world = (rule: FieldRule = phone) => {
  const shop = scriptedSource()
  const recording = recordingDestination()
  const times = new Map<string, Record<string, number>>()
  let reads = 0
  const { contact } = recording.objects
  const destination: Destination = {
    ...recording,
    objects: { ...recording.objects, contact: { ...(contact ?? { from: 'person', keyField: 'key', fields: {} }), fieldTimes: true } },
    deliver: (inputs, ctx) => recording.deliver(inputs, ctx),
    read: async ({ object, remoteIds, fields }) => {
      reads += 1
      return recording.objectsOf(object).flatMap((item): ReadObject[] =>
        remoteIds.includes(item.remoteId)
          ? [
              {
                object,
                remoteId: item.remoteId,
                key: item.key,
                fields: Object.fromEntries(fields.map((name) => [name, item.fields[name] ?? null])),
                times: times.get(item.remoteId) ?? {},
              },
            ]
          : [],
      )
    },
  }
  const millrace = createMillrace({
    sources: { shop },
    connections: { crm: { destination, contract: { objects: { contact: { fields: { phone: rule } } } } } },
    store: memoryStore(),
  })
  const only = () => recording.objectsOf('contact')[0] ?? recording.plant('contact', {})
  return {
    millrace,
    reads: () => reads,
    inputs: recording.inputs,
    at: () => only().fields['phone'],
    shopSays: async (number: string | undefined, on: number, over: Partial<Customer> = {}) => {
      const record = { entity: 'customer', id: 'a', createdAt: day(1), modifiedAt: day(on), email: 'a@example.com', phone: number, ...over }
      shop.put(customerSchema.parse(record))
      return await millrace.backfill()
    },
    salesSays: (number: string, on: number, verified = false) => {
      Object.assign(only().fields, { phone: number, phone_verified: verified })
      times.set(only().remoteId, { phone: Date.parse(day(on)) })
    },
  }
}

describe('a shared field', () => {
  it('is written first, and later by whoever changed it last', async () => {
    const { shopSays, salesSays, at } = world()
    await shopSays('+49301', 2)
    expect(at()).toBe('+49301')
    salesSays('+49302', 5)
    await shopSays('+49303', 4)
    expect(at()).toBe('+49302')
    await shopSays('+49304', 6)
    expect(at()).toBe('+49304')
  })

  it('asks the destination only when the value at the source changed', async () => {
    const { shopSays, salesSays, reads, inputs } = world()
    await shopSays('+49301', 2)
    salesSays('+49302', 5)
    await shopSays('+49301', 6, { lastName: 'Married' })
    expect([reads(), inputs.at(-1)?.[0]?.changedFields]).toEqual([0, ['name']])
    await shopSays('+49303', 4, { lastName: 'Married' })
    expect(reads()).toBe(1)
    // What lost is not asked for again until the shop has something new.
    expect((await shopSays('+49303', 7, { lastName: 'Married', title: 'Dr.' })).connections['crm']).toMatchObject({ unchanged: 1 })
    expect(reads()).toBe(1)
  })

  it('that the destination never changed is simply kept up to date', async () => {
    const { shopSays, salesSays, at } = world()
    await shopSays('+49301', 2)
    // Our own write has a time too, and the clocks differ.
    salesSays('+49301', 20)
    await shopSays('+49302', 3)
    expect(at()).toBe('+49302')
  })

  it('loses nothing to a blank of either side', async () => {
    const { shopSays, salesSays, at } = world({ ...phone, blank: 'erase' })
    await shopSays('+49301', 2)
    salesSays('+49302', 5)
    await shopSays(undefined, 9)
    expect(at()).toBe('+49302')
    salesSays('', 20)
    await shopSays('+49303', 10)
    expect(at()).toBe('+49303')
  })

  it('that is verified beats a newer one that is not, on both sides', async () => {
    const { shopSays, salesSays, at } = world()
    await shopSays('+49301', 2)
    salesSays('+49302', 3, true)
    await shopSays('+49303', 9)
    expect(at()).toBe('+49302')
    salesSays('+49302', 20)
    await shopSays('+49304', 10, { custom: { phoneVerified: true } })
    expect(at()).toBe('+49304')
  })

  it('is refused where the destination cannot tell when it was changed', () => {
    const open = (fields: Record<string, FieldRule>) =>
      createMillrace({
        sources: { shop: scriptedSource() },
        connections: { crm: { destination: recordingDestination(), contract: { objects: { contact: { fields } } } } },
        store: memoryStore(),
      })
    expect(() => open({ phone })).toThrow('objects.contact.fields.phone.owner: the destination cannot tell when this field was changed')
    expect(() => open({ phone: { ...phone, owner: 'source' } })).toThrow('objects.contact.fields.phone.verified: only a shared field')
  })

  it('is decided as an oracle decides', () => {
    const value = fc.constantFrom('', 'x', 'y', 'z')
    const cases = fc.record({
      ours: value,
      theirs: value,
      last: value,
      here: fc.boolean(),
      there: fc.boolean(),
      shopAt: fc.integer({ min: 1, max: 28 }),
      salesAt: fc.option(fc.integer({ min: 1, max: 28 }), { nil: undefined }),
    })
    fc.assert(
      fc.property(cases, ({ ours, theirs, last, here, there, shopAt, salesAt }) => {
        const expected =
          ours === ''
            ? false
            : theirs === '' || theirs === ours || theirs === last
              ? true
              : here === there
                ? salesAt !== undefined && shopAt > salesAt
                : here
        const settled = { key: 'k', fields: { phone: shortHash(last) }, children: {}, parents: '' }
        const unit = { remoteId: '1', key: 'k', view: { modifiedAt: day(shopAt) }, fields: { phone: ours }, settled }
        const field = { name: 'phone', isVerified: () => here, verifiedField: 'ok' }
        const times = salesAt === undefined ? {} : { times: { phone: Date.parse(day(salesAt)) } }
        const remote: ReadObject = { object: 'contact', remoteId: '1', key: 'k', fields: { phone: theirs, ok: there }, ...times }
        expect(sourceWins(field, unit, remote, 0)).toBe(expected)
      }),
    )
  })
})
