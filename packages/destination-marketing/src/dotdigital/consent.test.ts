import type { ConsentDecision, RemoteConsent } from '@millrace/core'
import { afterEach, describe, expect, it } from 'vitest'
import { closeAccounts, input, known, openAccount, people, person, type TestAccount } from '../test-support/account.ts'

afterEach(closeAccounts)

const said = (status: ConsentDecision['status'], more: Partial<ConsentDecision> = {}): ConsentDecision => ({
  topic: 'newsletter',
  channel: 'email',
  purpose: 'marketing',
  status,
  at: '2026-03-01T12:00:00.000Z',
  mayResubscribe: false,
  ...more,
})

const consent = (key: string, decision: ConsentDecision, more = {}) =>
  input('subscription', key, { email: `${key}@example.com` }, { consent: [decision], ...more })

const stateOf = (account: TestAccount, key: string) => account.fake.account.contactOf(`${key}@example.com`)

const changes = async (account: TestAccount, cursor?: string): Promise<{ found: RemoteConsent[]; cursor: string }> => {
  const found: RemoteConsent[] = []
  let last = ''
  for await (const page of account.destination.consentChanges?.(cursor, account.ctx) ?? []) {
    found.push(...page.changes)
    last = page.cursor
  }
  return { found, cursor: last }
}

describe.each([1, 12])('consent, %i at once', (count) => {
  /** The one that is looked at, among others that deny. */
  const crowd = (one: ReturnType<typeof consent>) => [
    one,
    ...Array.from({ length: count - 1 }, (_, index) => consent(`x${index}`, said('denied'))),
  ]

  it('goes out before the profile: a denial makes an unsubscribed contact, which the profile then takes over', async () => {
    const account = await openAccount()
    const outcomes = await account.deliver(...crowd(consent('a', said('denied'))))
    expect(outcomes.get('subscription:a')).toMatchObject({ result: 'delivered', remoteId: String(stateOf(account, 'a')?.id) })
    expect(stateOf(account, 'a')).toMatchObject({ email: { status: 'unsubscribed' }, dataFields: { SHOP_OPTIN: 'NO' } })
    await account.deliver(person('a'))
    expect(account.fake.account.contacts()).toHaveLength(count)
    expect(stateOf(account, 'a')).toMatchObject({ email: { status: 'unsubscribed' }, dataFields: { SHOP_KEY: 'a', SHOP_OPTIN: 'NO' } })
  })

  it('granted subscribes a new contact and one that we had made not mailable, with time and flag', async () => {
    const account = await openAccount()
    await account.deliver(...people(1))
    await account.deliver(...crowd(consent('a', said('granted'))), consent('p1', said('granted')))
    for (const key of ['a', 'p1']) {
      expect(stateOf(account, key)).toMatchObject({
        email: { status: 'subscribed', optInType: 'single' },
        dataFields: { SHOP_OPTIN: 'YES', SHOP_OPTIN_AT: '2026-03-01T12:00:00.000Z' },
      })
    }
    expect(account.fake.account.mails()).toEqual([])
  })

  it.each(['unsubscribe', 'suppress'] as const)('granted never lifts %s', async (leave) => {
    const account = await openAccount()
    account.fake.account.addContact({ identifiers: { email: 'a@example.com' } })
    account.fake.account[leave]('a@example.com')
    const before = stateOf(account, 'a')?.email
    const outcomes = await account.deliver(...crowd(consent('a', said('granted'))))
    expect(outcomes.get('subscription:a')).toMatchObject({ result: 'failed', error: { code: 'opt_out_stands', retryable: true } })
    expect(stateOf(account, 'a')?.email).toEqual(before)
    expect(account.fake.account.mails()).toEqual([])
  })

  it('a newer opt-in asks who had left by e-mail, and takes him back at once only when the settings say so', async () => {
    const asking = await openAccount()
    const taking = await openAccount({ settings: { resubscribe: 'without-challenge' } })
    for (const account of [asking, taking]) {
      account.fake.account.addContact({ identifiers: { email: 'a@example.com' } })
      account.fake.account.unsubscribe('a@example.com')
      await account.deliver(...crowd(consent('a', said('granted', { mayResubscribe: true }))))
    }
    expect(stateOf(asking, 'a')?.email?.status).toBe('unsubscribed')
    expect(asking.fake.account.mails()).toMatchObject([{ to: 'a@example.com', kind: 'resubscribe-challenge' }])
    expect(stateOf(taking, 'a')?.email?.status).toBe('subscribed')
  })

  it('a suppressed contact is not taken back whatever was said', async () => {
    const account = await openAccount({ settings: { resubscribe: 'without-challenge' } })
    account.fake.account.addContact({ identifiers: { email: 'a@example.com' } })
    account.fake.account.suppress('a@example.com')
    await account.deliver(...crowd(consent('a', said('granted', { mayResubscribe: true }))))
    expect(stateOf(account, 'a')?.email?.status).toBe('suppressed')
  })

  it('a denial leaves one who is suppressed suppressed, and is noted all the same', async () => {
    const account = await openAccount()
    account.fake.account.addContact({
      identifiers: { email: 'a@example.com', mobileNumber: '447123123123' },
      channelProperties: { sms: { status: 'suppressed' } },
    })
    account.fake.account.suppress('a@example.com')
    const one = consent('a', said('denied'))
    const sms = said('denied', { topic: 'texts', channel: 'sms' })
    const outcomes = await account.deliver(...crowd({ ...one, consent: [...one.consent, sms] }))
    expect(outcomes.get('subscription:a')).toMatchObject({ result: 'delivered' })
    expect(stateOf(account, 'a')).toMatchObject({
      email: { status: 'suppressed' },
      sms: 'suppressed',
      dataFields: { SHOP_OPTIN: 'NO', SHOP_OPTIN_AT: '2026-03-01T12:00:00.000Z' },
    })
  })

  it('unknown changes nothing and costs nothing', async () => {
    const account = await openAccount()
    const outcomes = await account.deliver(consent('a', said('unknown')))
    expect(outcomes.get('subscription:a')).toMatchObject({ result: 'delivered' })
    expect(account.calls()).toEqual([])
  })

  it('a consent record is written only when nothing of its evidence is missing', async () => {
    const account = await openAccount()
    const evidence = { text: 'Yes, write to me', url: 'https://shop.example.com', ipAddress: '192.0.2.1', userAgent: 'Browser' }
    const { userAgent: _agent, ...partial } = evidence
    await account.deliver(...crowd(consent('a', said('granted', { evidence }))), consent('b', said('granted', { evidence: partial })))
    expect(stateOf(account, 'a')?.consentRecords).toMatchObject([{ ...evidence, dateTimeConsented: '2026-03-01T12:00:00.000Z' }])
    expect(stateOf(account, 'b')?.consentRecords).toEqual([])
  })

  it('goes to the contact by its id, so that a new address makes no second one; a contact that is gone is made anew', async () => {
    const account = await openAccount()
    const first = consent('a', said('granted'))
    const outcomes = await account.deliver(first)
    const moved = known(first, outcomes.get(first.unit), { email: 'new@example.com' }, { consent: [said('denied')] })
    await account.deliver(...crowd(moved))
    expect(account.fake.account.contacts()).toHaveLength(count)
    expect(stateOf(account, 'a')?.email?.status).toBe('unsubscribed')
  })
})

describe('SMS', () => {
  it('needs a number, and is subscribed apart from e-mail, which stays as it is for a new contact: not mailable', async () => {
    const account = await openAccount()
    const sms = said('granted', { channel: 'sms' })
    await account.deliver(
      consent('a', sms),
      input('subscription', 'b', { email: 'b@example.com', mobileNumber: '+4915112345678' }, { consent: [sms] }),
    )
    expect(stateOf(account, 'a')).toBeUndefined()
    expect(stateOf(account, 'b')).toMatchObject({ sms: 'subscribed', email: { status: 'unsubscribed' } })
  })
})

describe('the way back', () => {
  it('tells who left and was suppressed since, once, and not those whom we made not mailable ourselves', async () => {
    const account = await openAccount({ fake: { importMs: 0 } })
    await account.deliver(...people(12))
    const empty = await changes(account)
    expect(empty.found).toEqual([])
    for (const key of ['a', 'b', 'c']) account.fake.account.addContact({ identifiers: { email: `${key}@example.com` } })
    account.fake.account.unsubscribe('a@example.com')
    account.fake.account.suppress('b@example.com')
    const { found, cursor } = await changes(account, empty.cursor)
    const told = new Map(found.map(({ email, status, reason }) => [email, [status, reason]]))
    expect(told).toEqual(
      new Map([
        ['a@example.com', ['denied', 'unsubscribed']],
        ['b@example.com', ['denied', 'suppressed']],
      ]),
    )
    const later = new Date(Date.parse(cursor) + 1).toISOString()
    expect((await changes(account, later)).found).toEqual([])
  })

  it('reads pages of a thousand', async () => {
    const account = await openAccount()
    for (let index = 0; index < 1_050; index += 1) {
      account.fake.account.addContact({ identifiers: { email: `n${index}@example.com` } })
      account.fake.account.unsubscribe(`n${index}@example.com`)
    }
    expect(new Set((await changes(account)).found.map(({ email }) => email)).size).toBe(1_050)
  })

  it('says what people are now: our own default is unknown, an opt-out is one', async () => {
    const account = await openAccount()
    await account.deliver(person('a'), person('b'))
    account.fake.account.addContact({ identifiers: { email: 'c@example.com' } })
    account.fake.account.unsubscribe('c@example.com')
    await account.deliver(consent('b', said('granted')))
    const subjects = ['a', 'b', 'c', 'nobody'].map((key) => ({ unit: key, key, email: `${key}@example.com` }))
    const now = await account.destination.consentOf?.(subjects, account.ctx)
    expect(now?.map(({ key, status, reason }) => [key, status, reason])).toEqual([
      ['a', 'unknown', undefined],
      ['b', 'granted', undefined],
      ['c', 'denied', 'unsubscribed'],
    ])
  })
})
