import type { HeldConsent, HeldConsentRow } from '@millrace/core'
import { deepEqual, equal } from 'node:assert/strict'
import type { StoreCase } from './workbench.ts'
import { created, rejectsWith } from './workbench.ts'

const held = (over: Partial<HeldConsent> = {}): HeldConsent => ({
  channel: 'email',
  target: '1001',
  status: 'denied',
  at: 5,
  firstSeenAt: 7,
  reason: 'unsubscribed',
  ours: false,
  ...over,
})

const of = (unit: string, over: Partial<HeldConsent> = {}): HeldConsentRow => ({ unit, ...held(over) })

/** What destinations hold of the consent of people. */
export const consentCases: readonly StoreCase[] = [
  {
    title: 'keeps one consent per connection, unit, channel and target, and hands it out in order',
    run: async ({ store, token }) => {
      const rows = [
        of('u'),
        of('u', { target: null, status: 'granted', at: null, reason: null, ours: true }),
        of('u', { channel: 'sms', target: '' }),
      ]
      await store.putHeldConsent(token, 'crm', { rows, raises: [] }, 1000)
      await store.putHeldConsent(token, 'other', { rows: [of('u', { status: 'unknown' })], raises: [] }, 1000)
      const [first, nobody] = await store.heldConsent('crm', ['u', 'nobody'])
      deepEqual(first, [
        held({ target: null, status: 'granted', at: null, reason: null, ours: true }),
        held(),
        held({ channel: 'sms', target: '' }),
      ])
      deepEqual(nobody, [])
      await store.putHeldConsent(token, 'crm', { rows: [of('u', { status: 'granted', at: 9, reason: null })], raises: [] }, 1000)
      deepEqual((await store.heldConsent('crm', ['u']))[0]?.[1], held({ status: 'granted', at: 9, reason: null }))
      deepEqual(await store.heldConsent('other', ['u']), [[held({ status: 'unknown' })]])
      deepEqual(await store.heldConsent('nowhere', ['u']), [[]])
    },
  },
  {
    title: 'moves the cursor and raises what is concerned with the rows, or nothing of it',
    run: async ({ store, token, row }) => {
      const raises = [{ connection: 'crm', object: 'consent', unit: 'u', kind: 'consent', cause: 'delta', priority: 0 } as const]
      equal(await store.consentCursor('crm'), undefined)
      await rejectsWith(store.putHeldConsent('stale', 'crm', { rows: [of('u')], raises, cursor: 'c1' }, 1000), 'lease_lost')
      deepEqual([await store.heldConsent('crm', ['u']), await store.consentCursor('crm')], [[[]], undefined])
      await store.putHeldConsent(token, 'crm', { rows: [of('u')], raises, cursor: 'c1' }, 1000)
      await store.putHeldConsent(token, 'crm', { rows: [], raises: [] }, 1000)
      equal((await row('u', 'consent')).state, 'ready')
      deepEqual([await store.consentCursor('crm'), await store.consentCursor('other')], ['c1', undefined])
    },
  },
  {
    title: 'moves consent when people are joined: a denial stays, else what was seen last; of the connections named only',
    run: async ({ store, token, ingest }) => {
      const rows = [
        of('a', { channel: 'email', status: 'denied', firstSeenAt: 1 }),
        of('b', { channel: 'email', status: 'granted', firstSeenAt: 9 }),
        of('a', { channel: 'sms', status: 'granted', firstSeenAt: 9 }),
        of('b', { channel: 'sms', status: 'denied', firstSeenAt: 1 }),
        of('a', { channel: 'push', status: 'granted', firstSeenAt: 9 }),
        of('b', { channel: 'push', status: 'unknown', firstSeenAt: 1 }),
        of('a', { channel: 'post', status: 'denied', firstSeenAt: 1 }),
        of('b', { channel: 'post', status: 'denied', firstSeenAt: 9 }),
        of('a', { channel: 'phone' }),
      ]
      for (const connection of ['crm', 'other']) await store.putHeldConsent(token, connection, { rows, raises: [] }, 1000)
      await ingest({
        joins: [{ identity: 'i', from: 'a', into: 'b', connections: ['crm'] }],
        aliases: [{ identity: 'i', key: 'k', unit: 'a' }],
      })
      const [none, joined] = await store.heldConsent('crm', ['a', 'b'])
      deepEqual(none, [])
      deepEqual(
        joined?.map(({ channel, status, firstSeenAt }) => [channel, status, firstSeenAt]),
        [
          ['email', 'denied', 1],
          ['phone', 'denied', 7],
          ['post', 'denied', 9],
          ['push', 'granted', 9],
          ['sms', 'denied', 1],
        ],
      )
      equal((await store.heldConsent('other', ['a']))[0]?.length, 5)
    },
  },
  {
    title: 'finds units by the id of their object at the destination',
    run: async ({ store, deliver }) => {
      await deliver('u', created('r1'))
      await deliver('v', created('r2'))
      deepEqual(await store.unitsByRemoteId('crm', ['r2', 'r1', 'r3']), ['v', 'u', undefined])
      deepEqual(await store.unitsByRemoteId('other', ['r1']), [undefined])
      deepEqual(await store.unitsByRemoteId('crm', []), [])
    },
  },
]
