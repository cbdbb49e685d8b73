import { afterEach, describe, expect, it } from 'vitest'
import { closeAccounts, known, openAccount, people, person, type TestAccount } from '../test-support/account.ts'

afterEach(closeAccounts)

const bodies = ({ fake }: TestAccount): unknown[] =>
  fake.requests.flatMap(({ body = '' }): unknown[] => (body === '' ? [] : [JSON.parse(body)]))

describe('a new contact', () => {
  it.each([1, 12])('is told what to be, always: %i of them without a known consent are in the list and not mailable', async (count) => {
    const account = await openAccount()
    await account.deliver(...people(count))
    const contacts = account.fake.account.contacts()
    expect(contacts).toHaveLength(count)
    expect(contacts.map(({ email }) => email)).toEqual(
      contacts.map(() => ({ emailType: 'html', optInType: 'unknown', status: 'unsubscribed' })),
    )
    expect(account.fake.account.members(account.listId)).toHaveLength(count)
    expect(contacts[0]?.dataFields['SHOP_OPTIN']).toBe('UNKNOWN')
  })

  it("is left as the vendor's own integration leaves it when the settings say so", async () => {
    const account = await openAccount({ settings: { unknownContacts: 'vendor-default' } })
    await account.deliver(person('a'))
    expect(account.fake.account.contactOf('a@example.com')?.email).toMatchObject({ optInType: 'unknown', status: 'subscribed' })
  })

  it.each([
    ['granted', 'single', 'subscribed'],
    ['denied', 'unknown', 'unsubscribed'],
  ] as const)('starts with what the person said: %s', async (status, optInType, expected) => {
    const account = await openAccount()
    await account.deliver(
      person('a', {}, { consent: [{ topic: 'newsletter', channel: 'email', purpose: 'marketing', status, mayResubscribe: false }] }),
    )
    expect(account.fake.account.contactOf('a@example.com')?.email).toMatchObject({ optInType, status: expected })
  })

  it('with an address that needs encoding is one contact, also the second time', async () => {
    const account = await openAccount()
    const plus = person('a', { email: 'ada+shop/1@Example.com' })
    const first = await account.deliver(plus)
    const again = await account.deliver({ ...plus, uncertain: true })
    expect(again.get(plus.unit)).toMatchObject({ result: 'delivered', created: false, remoteId: first.get(plus.unit)?.remoteId })
    expect(account.fake.account.contacts()).toHaveLength(1)
  })
})

describe('a contact that is there', () => {
  it('keeps its channels, its lists and what is not ours; what is set once fills gaps only', async () => {
    const account = await openAccount({
      contract: {
        objects: {
          contact: {
            fields: {
              LASTNAME: { value: { op: 'path', path: 'lastName' }, owner: 'once' },
              GENDER: { value: { op: 'constant', value: 'x' }, owner: 'destination' },
            },
          },
        },
      },
    })
    const { fake } = account
    const other = fake.account.addList('Other')
    fake.account.addContact({ identifiers: { email: 'a@example.com' }, dataFields: { LASTNAME: 'Chosen', POSTCODE: '1' }, lists: [other] })
    // Somebody made it between the look-up of the engine and this write.
    const outcome = await account.deliver(person('a', { LASTNAME: 'Shop', GENDER: 'x' }))
    expect(outcome.get('contact:a')).toMatchObject({ result: 'delivered', created: false })
    expect(fake.account.contactOf('a@example.com')).toMatchObject({
      email: { optInType: 'unknown', status: 'subscribed' },
      dataFields: { FIRSTNAME: 'First a', LASTNAME: 'Chosen', POSTCODE: '1', GENDER: 'x', SHOP_KEY: 'a' },
      lists: new Set([other, account.listId]),
    })
  })

  it.each([1, 12])('that unsubscribed stays so, whatever changes (%i at once)', async (count) => {
    const account = await openAccount()
    const inputs = people(count)
    const first = await account.deliver(...inputs)
    account.fake.account.changeContact('p1@example.com', { channelProperties: { email: { status: 'subscribed' } } })
    account.fake.account.unsubscribe('p1@example.com')
    await account.deliver(...inputs.map((one) => known(one, first.get(one.unit), { FIRSTNAME: 'Changed' })))
    expect(account.fake.account.contactOf('p1@example.com')).toMatchObject({
      email: { status: 'unsubscribed' },
      dataFields: { FIRSTNAME: 'Changed' },
    })
  })

  it('is written by its id with only what changed, so that a new address makes no second contact', async () => {
    const account = await openAccount()
    const one = person('a')
    const first = await account.deliver(one)
    account.fake.resetRequests()
    await account.deliver(known(one, first.get(one.unit), { email: 'new@example.com' }))
    expect(account.calls()).toEqual([`PATCH /contacts/v3/contactId/${first.get(one.unit)?.remoteId}`])
    expect(bodies(account)).toEqual([{ matchIdentifier: 'email', identifiers: { email: 'new@example.com' } }])
    expect(account.fake.account.contacts().map(({ identifiers }) => identifiers['email'])).toEqual(['new@example.com'])
  })

  it('of somebody else is a conflict that names both', async () => {
    const account = await openAccount()
    const theirs = (await account.deliver(person('b', { email: 'shared@example.com' }))).get('contact:b')?.remoteId
    const outcomes = await account.deliver(person('a', { email: 'Shared@example.com' }))
    expect(outcomes.get('contact:a')).toMatchObject({ result: 'conflict', candidates: [{ remoteId: theirs, key: 'b' }] })
    expect(account.fake.account.contactOf('shared@example.com')?.dataFields).toMatchObject({ SHOP_KEY: 'b', FIRSTNAME: 'First b' })
  })

  it.each([1, 12])('takes no address that another contact has (%i at once)', async (count) => {
    const account = await openAccount()
    const inputs = people(count)
    const first = await account.deliver(...inputs, person('b'))
    const holder = first.get('contact:b')?.remoteId
    const changed = inputs.map((one, index) =>
      known(one, first.get(one.unit), index === 0 ? { email: 'b@example.com' } : { FIRSTNAME: 'x' }),
    )
    const outcomes = await account.deliver(...changed)
    expect(outcomes.get('contact:p1')).toMatchObject({ result: 'conflict', candidates: [{ remoteId: holder, key: 'b' }] })
    expect([...outcomes.values()].filter(({ result }) => result === 'delivered')).toHaveLength(count - 1)
  })

  it('that was deleted there is made anew, whole', async () => {
    const account = await openAccount()
    const inputs = people(12)
    const first = await account.deliver(...inputs)
    for await (const _ of account.destination.erase?.(
      [{ unit: 'x', key: 'p1', emails: ['p1@example.com'], phones: [], related: [] }],
      account.ctx,
    ) ?? []);
    const again = inputs.map((one) => known(one, first.get(one.unit), { FIRSTNAME: 'Again' }))
    const second = await account.deliver(...again)
    const gone = second.get('contact:p1')
    expect(gone).toMatchObject({ result: 'failed', error: { code: 'contact_gone', retryable: true } })
    const [p1] = again
    if (p1 === undefined || gone === undefined) throw new Error('there are twelve')
    const third = await account.deliver({ ...p1, changedFields: Object.keys(p1.fields), progress: gone.progress, uncertain: false })
    expect(third.get('contact:p1')).toMatchObject({ result: 'delivered', created: true })
    expect(account.fake.account.contactOf('p1@example.com')?.dataFields).toMatchObject({
      FIRSTNAME: 'Again',
      LASTNAME: 'Doe',
      SHOP_KEY: 'p1',
    })
    // By a single call it is made anew at once.
    for await (const _ of account.destination.erase?.(
      [{ unit: 'x', key: 'p2', emails: ['p2@example.com'], phones: [], related: [] }],
      account.ctx,
    ) ?? []);
    const p2 = again[1]
    if (p2 === undefined) throw new Error('there are twelve')
    expect((await account.deliver(p2)).get('contact:p2')).toMatchObject({ result: 'delivered', created: true })
  })
})

describe('what one row of an import can meet', () => {
  it('costs that row, with the reason: suppressed, bad domain, missing list', async () => {
    const account = await openAccount()
    account.fake.account.suppressGlobally('p1@example.com')
    account.fake.account.suppressDomain('blocked.example')
    const inputs = [...people(10), person('x', { email: 'x@blocked.example' }), person('y', { email: 'y@no_domain' })]
    const outcomes = await account.deliver(...inputs)
    const codes = Object.fromEntries(
      [...outcomes].flatMap(([unit, outcome]) => (outcome.result === 'failed' ? [[unit, outcome.error.code]] : [])),
    )
    expect(codes).toEqual({ 'contact:p1': 'contact_suppressed', 'contact:x': 'contact_suppressed', 'contact:y': 'email_invalid' })
    expect([...outcomes.values()].filter(({ result }) => result === 'delivered')).toHaveLength(9)
  })

  it('a list that is gone is told with the contact that was written all the same', async () => {
    const account = await openAccount({ settings: { listId: [77] } })
    const outcomes = await account.deliver(...people(10))
    for (const outcome of outcomes.values()) {
      expect(outcome).toMatchObject({ result: 'failed', error: { code: 'list_missing', retryable: false } })
      expect(outcome.remoteId).toBeDefined()
    }
  })

  it('nothing for it in the report is not success', async () => {
    const account = await openAccount()
    const inputs = people(12)
    const { dotdigitalFaults } = await import('@millrace/fake-vendors/dotdigital')
    account.fake.faults.next(dotdigitalFaults.missingRows(3), { method: 'GET', path: '/contacts/v3/import/' })
    const outcomes = await account.deliver(...inputs)
    const failed = [...outcomes.values()].filter(({ result }) => result === 'failed')
    expect(failed).toHaveLength(3)
    expect(failed[0]).toMatchObject({ error: { code: 'unconfirmed', retryable: true, context: { applied: 'unknown' } } })
  })

  it.each([
    ['RejectedByWatchdog', 'import_rejected', false],
    ['Failed', 'import_failed', true],
    ['ExceedsAllowedContactLimit', 'contact_limit_reached', false],
  ] as const)('an import that ends as %s is %s', async (end, code, retryable) => {
    const account = await openAccount()
    account.fake.account.endNextImport(end)
    const outcomes = await account.deliver(...people(12))
    for (const outcome of outcomes.values()) expect(outcome).toMatchObject({ result: 'failed', error: { code, retryable } })
  })
})

describe('more lists than one write can name', () => {
  const many = Array.from({ length: 230 }, (_, index) => ({ kind: 'list' as const, name: `list ${index}` }))
  const listsOf = (account: TestAccount, key: string): number => account.fake.account.contactOf(`${key}@example.com`)?.lists.size ?? 0

  it.each([1, 12])('are joined all, by a new contact and by a known one, among %i', async (count) => {
    const account = await openAccount()
    const others = people(count - 1)
    const made = await account.deliver(person('a', {}, { memberships: many.slice(0, 140) }), ...others)
    expect(listsOf(account, 'a')).toBe(141)
    const first = made.get('contact:a')
    expect(Object.keys(first?.objects ?? {})).toHaveLength(141)
    const more = { memberships: many, membershipsChanged: true }
    const before = { ...person('a'), memberships: many }
    const changed = await account.deliver(
      known(before, first, { FIRSTNAME: 'Ada' }, more),
      ...others.map((one) => known(one, made.get(one.unit), { FIRSTNAME: 'x' })),
    )
    expect(changed.get('contact:a')).toMatchObject({ result: 'delivered' })
    expect(listsOf(account, 'a')).toBe(231)
    expect(account.fake.account.contactOf('a@example.com')?.dataFields['FIRSTNAME']).toBe('Ada')
  })
})
