import { dotdigitalFaults } from '@millrace/fake-vendors/dotdigital'
import { fakeClock } from '@millrace/adapter-kit/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { marketing } from '../marketing.ts'
import { closeAccounts, input, openAccount, order, people, person } from '../test-support/account.ts'

afterEach(closeAccounts)

const levels = (findings: readonly { level: string; code: string }[] | undefined, level: string) =>
  findings?.filter((one) => one.level === level).map(({ code }) => code)

describe('settings', () => {
  const good = { baseUrl: 'https://r1-api.dotdigital.com', username: 'u', password: 'p', listId: 1 }

  it.each([
    ['baseUrl', { baseUrl: 'http://r1-api.dotdigital.com' }],
    ['baseUrl', { baseUrl: 'r1' }],
    ['username', { username: ' ' }],
    ['password', { password: '' }],
    ['listId', { listId: 'main' }],
    ['listId', { listId: [] }],
    ['unknownContacts', { unknownContacts: 'subscribed' as never }],
    ['collections.catalog', { collections: { catalog: 'products' } }],
    ['bulkFrom', { bulkFrom: 0 }],
  ])('%s is refused with a cure: %j', (field, wrong) => {
    expect(() => marketing({ ...good, ...wrong })).toThrow(expect.objectContaining({ code: 'setting_invalid', field }))
  })

  it('take ids of lists from the environment, where they are texts; the schedule is a quarter of an hour', () => {
    const destination = marketing({ ...good, listId: ['1', 2] })
    expect(destination.schedule).toEqual({ everyMs: 900_000 })
    expect(destination.defaultContract.objects).not.toHaveProperty('cart')
    expect(marketing({ ...good, carts: true }).defaultContract.objects).toHaveProperty('cart')
  })
})

describe('check', () => {
  it('says what is missing before apply, and nothing is wrong afterwards', async () => {
    const account = await openAccount({ provision: false })
    expect(levels(await account.destination.check?.(account.ctx, 'full'), 'error')).toEqual(expect.arrayContaining(['provisioning_needed']))
    await account.destination.apply?.((await account.destination.plan?.(account.ctx)) ?? [], account.ctx)
    expect(levels(await account.destination.check?.(account.ctx, 'full'), 'error')).toEqual([])
    expect(await account.destination.plan?.(account.ctx)).toEqual([])
  })

  it('costs one request per list before a pass', async () => {
    const account = await openAccount()
    await account.destination.check?.(account.ctx, 'quick')
    expect(account.calls()).toEqual([`GET /v2/address-books/${account.listId}`])
  })

  it('names a list that is not there, a wrong password and the wrong region by their settings', async () => {
    const account = await openAccount({ settings: { listId: 77 }, provision: false })
    expect(await account.destination.check?.(account.ctx, 'quick')).toMatchObject([
      { level: 'error', code: 'list_missing', setting: 'listId' },
    ])
    const { username, otherRegionUrl, password, url } = account.fake
    const wrong = marketing({ baseUrl: url, username, password: 'other', listId: 1 })
    expect(await wrong.check?.(account.ctx, 'quick')).toMatchObject([{ level: 'error', code: 'credentials_rejected', setting: 'password' }])
    const elsewhere = marketing({ baseUrl: otherRegionUrl, username, password, listId: 1 })
    expect(await elsewhere.check?.(account.ctx, 'quick')).toMatchObject([{ level: 'error', code: 'region_wrong', setting: 'baseUrl' }])
    await wrong.close?.()
    await elsewhere.close?.()
  })

  it('shows mailable unknown contacts, names that are too long, other types, and products without what blocks need', async () => {
    const account = await openAccount({
      settings: { unknownContacts: 'vendor-default' },
      contract: {
        objects: {
          contact: { fields: { '{prefix}_a_name_that_is_far_too_long': { type: 'string', value: { op: 'path', path: 'locale' } } } },
          product: { fields: { url: null } },
        },
      },
      provision: false,
    })
    account.fake.account.addDataField('SHOP_BIRTHDAY', 'String')
    await account.destination.apply?.(
      (await account.destination.plan?.(account.ctx))?.filter(({ action }) => action !== 'drift') ?? [],
      account.ctx,
    )
    await account.deliver(input('product', 'p', { name: 'x', price: '1' }))
    const findings = await account.destination.check?.(account.ctx, 'full')
    expect(levels(findings, 'warning')).toEqual(['unknown_contacts_mailable', 'catalog_incomplete', 'recommendation_field_missing'])
    expect(findings?.filter(({ code }) => code === 'schema_drift').map(({ message }) => message)).toEqual([
      expect.stringContaining('SHOP_BIRTHDAY'),
      expect.stringContaining('SHOP_A_NAME_THAT_IS_FAR_TOO_LONG'),
    ])
  })
})

describe('limits', () => {
  it('of a tier are waited out until the time that the vendor names, and learned', async () => {
    const clock = fakeClock()
    const account = await openAccount({ clock, fake: { now: () => clock.now(), limits: { medium: 3 } }, provision: false })
    for (const field of ['SHOP_KEY', 'SHOP_OPTIN']) account.fake.account.addDataField(field, 'String')
    const inputs = people(8).map((one) => ({ ...one, fields: { email: String(one.fields['email']) }, changedFields: ['email'] }))
    const outcomes = await clock.run(account.deliverOnce(...inputs))
    expect([...outcomes.values()].every(({ result }) => result === 'delivered')).toBe(true)
    expect(account.fake.count(({ status }) => status === 429)).toBeLessThanOrEqual(1)
  })

  it('of the deprecated scheme come as a 400 and stop the destination, not the records', async () => {
    const account = await openAccount()
    account.fake.faults.next(dotdigitalFaults.apiUsageExceeded(), { method: 'POST', path: '/contacts/v3' })
    await expect(account.deliverOnce(person('a'))).rejects.toMatchObject({ code: 'rate_limited', scope: 'destination', retryable: true })
  })
})

describe('erase', () => {
  it('takes orders, carts and every contact with one of the addresses, says what stays, and is done twice without harm', async () => {
    const account = await openAccount({ settings: { carts: true } })
    const outcomes = await account.deliver(...people(1))
    const owner = outcomes.get('contact:p1')?.remoteId ?? ''
    const placed = await account.deliver(order('o', owner))
    account.fake.account.addContact({ identifiers: { email: 'second@example.com' } })
    const target = {
      unit: 'person:1',
      key: 'p1',
      remoteId: owner,
      emails: ['P1@example.com', 'second@example.com'],
      phones: [],
      related: [{ object: 'order', key: 'o', remoteId: placed.get('order:o')?.remoteId ?? '' }],
    }
    const results: string[] = []
    for (let round = 0; round < 2; round += 1) {
      for await (const page of account.destination.erase?.([target], account.ctx) ?? []) {
        for (const outcome of page) {
          results.push(outcome.result)
          expect(outcome.remains.length).toBeGreaterThan(0)
        }
      }
    }
    expect(results).toEqual(['erased', 'absent'])
    expect(account.fake.account.contacts()).toEqual([])
    expect(account.fake.account.records('Orders')).toEqual([])
  })
})

describe('list and read', () => {
  it('give what carries our key, by the names of the contract', async () => {
    const account = await openAccount()
    const outcomes = await account.deliver(...people(12))
    account.fake.account.addContact({ identifiers: { email: 'foreign@example.com' } })
    const owner = outcomes.get('contact:p1')?.remoteId ?? ''
    await account.deliver(order('o', owner, { delivery_city: 'Wien' }))
    const keys = async (object: string, foreign = false) => {
      const found: { key: string; remoteId: string; fields: object }[] = []
      for await (const page of account.destination.list?.(
        { object, fields: object === 'contact' ? ['FIRSTNAME'] : ['delivery_city', 'orderTotal'], foreign },
        account.ctx,
      ) ?? [])
        found.push(...page)
      return found
    }
    expect((await keys('contact')).map(({ key }) => key).toSorted()).toEqual(
      people(12)
        .map(({ key }) => key)
        .toSorted(),
    )
    expect(await keys('contact', true)).toHaveLength(13)
    const [found] = await keys('order')
    expect(found).toMatchObject({ key: 'o', remoteId: `${owner}/o`, fields: { delivery_city: 'Wien', orderTotal: 19.99 } })
    const read = await account.destination.read?.(
      { object: 'order', remoteIds: [found?.remoteId ?? '', '1/none'], fields: ['orderTotal'] },
      account.ctx,
    )
    expect(read).toMatchObject([{ key: 'o', fields: { orderTotal: 19.99 } }])
  })
})
