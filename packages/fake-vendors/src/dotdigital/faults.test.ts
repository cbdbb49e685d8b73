import { expect, test } from 'vitest'

import { dotdigitalFaults } from './faults.ts'
import { byEmail, raw, withFake, writeContact } from './raw.ts'
import type { FakeDotdigital } from './server.ts'

const row = { matchIdentifier: 'email', identifiers: { email: 'ada@example.com' } }

function start(fake: FakeDotdigital): ReturnType<typeof raw> {
  return raw(fake, 'PUT', '/contacts/v3/import', { contacts: [row] })
}

function report(fake: FakeDotdigital): ReturnType<typeof raw> {
  return raw(fake, 'GET', `/contacts/v3/import/${fake.account.jobs()[0]?.id}`)
}

test('faults that answer in place of the server apply nothing', () =>
  withFake({}, async (fake) => {
    for (const [fault, status] of [
      [dotdigitalFaults.rateLimited(1_800_000_000_001), 429],
      [dotdigitalFaults.apiUsageExceeded(), 400],
      [dotdigitalFaults.tooManyActiveImports(), 429],
      [dotdigitalFaults.serverError(), 500],
      [dotdigitalFaults.badGateway(), 502],
      [dotdigitalFaults.unavailable(), 503],
      [dotdigitalFaults.lyingAccept(), 202],
    ] as const) {
      fake.faults.next(fault)
      expect((await start(fake)).status).toBe(status)
    }
    expect(fake.account.jobs()).toEqual([])
  }))

test('a rate limit names the second in which it ends, rounded up', () =>
  withFake({}, async (fake) => {
    fake.faults.next(dotdigitalFaults.rateLimited(1_800_000_000_001))
    const { headers } = await start(fake)
    expect([headers.get('x-ratelimit-reset'), headers.get('retry-after')]).toEqual(['1800000001', null])
  }))

test('an import can be accepted although its answer is lost or has no id', () =>
  withFake({}, async (fake) => {
    fake.faults.next(dotdigitalFaults.resetBeforeCommit())
    await expect(start(fake)).rejects.toThrow('fetch failed')
    expect(fake.account.jobs()).toHaveLength(0)
    fake.faults.next(dotdigitalFaults.resetAfterCommit())
    await expect(start(fake)).rejects.toThrow('fetch failed')
    expect(fake.account.jobs()).toHaveLength(1)
    fake.faults.next(dotdigitalFaults.acceptWithoutId())
    expect([(await start(fake)).body, fake.account.jobs()]).toEqual([{}, [expect.anything(), expect.anything()]])
  }))

test('a report can lack rows or everything', () =>
  withFake({}, async (fake) => {
    await start(fake)
    fake.faults.next(dotdigitalFaults.missingRows())
    expect((await report(fake)).json).toMatchObject({ status: 'Finished', created: [], summary: { newContacts: 1 } })
    fake.faults.next(dotdigitalFaults.emptyReport())
    expect((await report(fake)).json).toEqual({ importId: expect.any(String), status: 'Finished' })
    expect((await report(fake)).json['created']).toHaveLength(1)
  }))

test('a write can be applied after its client gave up, over a newer one', () =>
  withFake({}, async (fake) => {
    const write = (name: string): ReturnType<typeof raw> =>
      writeContact(fake, 'PATCH', byEmail('ada@example.com'), { dataFields: { FIRSTNAME: name } })
    fake.faults.next(dotdigitalFaults.appliedLate({ afterRequests: 5 }, 'reset'))
    await expect(write('old')).rejects.toThrow('fetch failed')
    await write('new')
    expect(fake.account.contactOf('ada@example.com')?.dataFields).toEqual({ FIRSTNAME: 'new' })
    expect(fake.faults.applyLate()).toBe(1)
    expect(fake.account.contactOf('ada@example.com')?.dataFields).toEqual({ FIRSTNAME: 'old' })
  }))

test('the account refuses what Dotdigital would refuse, without HTTP too', () =>
  withFake({}, async (fake) => {
    fake.account.addContact({ identifiers: { email: 'ada@example.com' } })
    expect(() => fake.account.addContact({ identifiers: { email: 'ADA@example.com' } })).toThrow('belongs to another contact')
    expect(() => fake.account.addContact({ identifiers: { email: 'nobody' } })).toThrow("Invalid value for 'email'")
    expect(() => fake.account.unsubscribe('bob@example.com')).toThrow('no contact has the e-mail')
    expect(() => fake.account.changeContact('ada@example.com', { dataFields: { NOPE: 1 } })).toThrow('does not exist')
  }))
