import { expect, test } from 'vitest'

import { byEmail, withFake, writeContact } from '../raw.ts'
import type { FakeDotdigital } from '../server.ts'

const ada = 'ada@example.com'

const record = {
  text: 'Yes, please',
  dateTimeConsented: '2026-11-01T10:00:00Z',
  url: 'https://shop.example/checkout',
  ipAddress: '192.0.2.1',
  userAgent: 'Mozilla/5.0',
}

function write(fake: FakeDotdigital, email: object): ReturnType<typeof writeContact> {
  return writeContact(fake, 'PATCH', byEmail(ada), { channelProperties: { email } })
}

function status(fake: FakeDotdigital): string | undefined {
  return fake.account.contactOf(ada)?.email?.status
}

test('new-contact-subscribed: who is created without a status can be mailed; existing contacts keep theirs', () =>
  withFake({}, async (fake) => {
    await writeContact(fake, 'PATCH', byEmail(ada), {})
    expect(status(fake)).toBe('subscribed')
    fake.account.unsubscribe(ada)
    await writeContact(fake, 'PATCH', byEmail(ada), { dataFields: { FIRSTNAME: 'Ada' } })
    await write(fake, { optInType: 'single' })
    expect(status(fake)).toBe('unsubscribed')
    const other = await writeContact(fake, 'POST', '/contacts/v3', {
      identifiers: { email: 'bob@example.com' },
      channelProperties: { email: { status: 'unsubscribed', optInType: 'unknown' } },
    })
    expect(other.json['status']).toBe('Unsubscribed')
  }))

test('resubscribe-by-default: subscribed brings back who has left or was suppressed, without asking', () =>
  withFake({}, async (fake) => {
    fake.account.addContact({ identifiers: { email: ada } })
    fake.account.unsubscribe(ada)
    await write(fake, { status: 'subscribed' })
    expect(status(fake)).toBe('subscribed')
    fake.account.suppress(ada)
    await write(fake, { status: 'subscribed' })
    expect([status(fake), fake.account.mails()]).toEqual(['subscribed', []])
  }))

test('resubscribe-challenge: a challenge leaves the status until the person answers', () =>
  withFake({}, async (fake) => {
    fake.account.addContact({ identifiers: { email: ada } })
    fake.account.unsubscribe(ada)
    await write(fake, { status: 'subscribed', resubscribeOptions: { resubscribeWithNoChallenge: false } })
    expect([status(fake), fake.account.mails()]).toMatchObject(['unsubscribed', [{ to: ada, kind: 'resubscribe-challenge' }]])
    fake.account.confirm(ada)
    expect(status(fake)).toBe('subscribed')
  }))

test('verified-double-mail: a confirmation mail goes out once and the status waits', () =>
  withFake({}, async (fake) => {
    const created = await write(fake, { optInType: 'verifiedDouble' })
    expect([created.json['status'], fake.account.mails()]).toMatchObject(['PendingOptIn', [{ to: ada, kind: 'confirm-opt-in' }]])
    await write(fake, { optInType: 'verifiedDouble' })
    expect(fake.account.mails()).toHaveLength(1)
  }))

test('pascal-case-replies: requests in any case, replies in Pascal case', () =>
  withFake({}, async (fake) => {
    const reply = await write(fake, { emailType: 'plainText', optInType: 'double', status: 'unsubscribed' })
    expect([reply.json['status'], reply.json['channelProperties']]).toEqual([
      'Unsubscribed',
      { email: { emailType: 'PlainText', optInType: 'Double', status: 'Unsubscribed' } },
    ])
    expect((await write(fake, { emailType: 'Html', optInType: 'VerifiedDouble', status: 'Suppressed' })).status).toBe(200)
  }))

test('contact-channel-values: unknown values and members of channels are refused', () =>
  withFake({}, async (fake) => {
    for (const email of [
      { status: 'pendingOptIn' },
      { status: 'noSubscription' },
      { status: null },
      { optInType: 'triple' },
      { emailType: 'text' },
      { optin: 'single' },
      { resubscribeOptions: { resubscribeWithNoChallenge: 'no' } },
      { resubscribeOptions: { noChallenge: true } },
      'subscribed',
    ])
      expect([email, (await writeContact(fake, 'PATCH', byEmail(ada), { channelProperties: { email } })).status]).toEqual([email, 400])
    expect((await writeContact(fake, 'PATCH', byEmail(ada), { channelProperties: { push: {} } })).status).toBe(400)
    expect(fake.account.contacts()).toEqual([])
    const mobile = await writeContact(fake, 'PATCH', '/contacts/v3/mobileNumber/447123123123', {
      channelProperties: { sms: { status: 'unsubscribed' }, whatsApp: { status: 'noSubscription' } },
    })
    expect(mobile.json['channelProperties']).toEqual({ sms: { status: 'Unsubscribed' }, whatsApp: { status: 'NoSubscription' } })
  }))

test('consent-record-complete: every member of a consent record is required, and five are the most', () =>
  withFake({}, async (fake) => {
    const send = (consentRecords: unknown): ReturnType<typeof writeContact> => writeContact(fake, 'PATCH', byEmail(ada), { consentRecords })
    for (const name of Object.keys(record))
      expect([name, (await send([{ ...record, [name]: undefined }])).error]).toEqual([name, 'contacts:invalidConsentRecords'])
    for (const bad of [{ ipAddress: '1.2.3' }, { url: 'checkout' }, { dateTimeConsented: 'yesterday' }, { text: '' }])
      expect([bad, (await send([{ ...record, ...bad }])).status]).toEqual([bad, 400])
    expect((await send([])).status).toBe(400)
    expect((await send(Array.from({ length: 6 }, () => record))).status).toBe(400)
    expect(fake.account.contacts()).toEqual([])
    const reply = await send([record, { ...record, ipAddress: '2001:db8::1' }])
    expect(reply.json['consentRecords']).toMatchObject([record, { ipAddress: '2001:db8::1' }])
  }))
