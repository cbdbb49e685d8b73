import { afterEach, expect, test } from 'vitest'
import { path, type ContractOverride } from '@millrace/core'
import { activecampaign } from './activecampaign.ts'
import { closeAccounts, openAccount, person, results } from './test-support/account.ts'

afterEach(closeAccounts)

const contract: ContractOverride = {
  objects: {
    contact: {
      fields: {
        '{prefix}_tier': {
          type: 'options',
          options: [
            { value: 'a', label: 'A' },
            { value: 'b', label: 'B' },
          ],
          value: path('custom.tier'),
        },
      },
    },
  },
}

test('plan shows what apply makes, apply makes fields that people see, and then nothing is left', async () => {
  const { fake, destination, ctx } = await openAccount({ provision: false, contract, settings: { shops: { berlin: { name: 'Berlin' } } } })
  const changes = (await destination.plan?.(ctx)) ?? []
  expect(changes.map(({ target }) => target)).toEqual(
    expect.arrayContaining([
      'contact field shop_customer_key',
      'contact field shop_total_eur',
      'connection shop:berlin',
      'event tracking',
      'event shop_checkout_started',
    ]),
  )
  expect(fake.requests.every(({ method }) => method === 'GET')).toBe(true)
  await destination.apply?.(changes, ctx)
  expect(await destination.plan?.(ctx)).toEqual([])
  expect(fake.account.fields().every(({ visible }) => visible)).toBe(true)
  expect(fake.account.fields().find(({ title }) => title === 'shop_tier')).toMatchObject({ type: 'listbox', options: ['a', 'b'] })
})

test('options that people added stay, missing ones are added, a wrong type is drift and is not touched', async () => {
  const { fake, destination, ctx } = await openAccount({
    provision: false,
    contract,
    prepare: ({ account }) => {
      account.addField('shop_order_count', 'date')
      account.addField('shop_tier', 'listbox')
    },
  })
  const changes = (await destination.plan?.(ctx)) ?? []
  expect(changes.filter(({ action }) => action === 'drift').map(({ target }) => target)).toEqual(['contact field shop_order_count'])
  await destination.apply?.(changes, ctx)
  const left = (await destination.plan?.(ctx)) ?? []
  expect(left.map(({ action }) => action)).toEqual(['drift'])
  expect(fake.account.fields().find(({ title }) => title === 'shop_order_count')?.type).toBe('date')
  expect(fake.account.fields().find(({ title }) => title === 'shop_tier')?.options).toEqual(['a', 'b'])
})

test('an apply that broke off in the middle of a field is finished by the next one', async () => {
  const { fake, destination, ctx, deliver } = await openAccount({ provision: false })
  fake.faults.next({ kind: 'reply', reply: { status: 500, body: {} } }, { path: '/api/3/fieldRels' })
  await expect(destination.apply?.((await destination.plan?.(ctx)) ?? [], ctx)).rejects.toMatchObject({ retryable: true })
  await destination.apply?.((await destination.plan?.(ctx)) ?? [], ctx)
  expect(await destination.plan?.(ctx)).toEqual([])
  expect(fake.account.fields().every(({ visible }) => visible)).toBe(true)
  expect(results(await deliver(person('k1')))).toEqual({ delivered: 1 })
})

test('check asks for apply, is content afterwards, and costs one request before a pass', async () => {
  const { fake, destination, ctx } = await openAccount({ provision: false })
  expect((await destination.check?.(ctx, 'full'))?.filter(({ level }) => level === 'error').map(({ code }) => code)).toEqual([
    'provisioning_needed',
  ])
  await destination.apply?.((await destination.plan?.(ctx)) ?? [], ctx)
  expect((await destination.check?.(ctx, 'full'))?.map(({ level }) => level)).toEqual(['ok', 'ok'])
  fake.resetRequests()
  expect((await destination.check?.(ctx, 'quick'))?.map(({ level }) => level)).toEqual(['ok'])
  expect(fake.requests).toHaveLength(1)
})

test('check names a wrong key, events without tracking, topics without a list and lists that are not there', async () => {
  const { fake, ctx } = await openAccount()
  const wrong = activecampaign({ apiUrl: fake.url, apiToken: 'wrong' })
  expect(await wrong.check?.(ctx, 'full')).toMatchObject(
    [
      { level: 'error', code: 'event_tracking_off' },
      { level: 'error', code: 'credentials_rejected', setting: 'connections.activecampaign.apiToken' },
    ].slice(-1),
  )
  await wrong.close?.()
  const other = await openAccount({
    contract: { consent: { topics: { a: { channel: 'email' }, b: { channel: 'email', target: 'Nowhere' } } } },
  })
  expect((await other.destination.check?.(other.ctx, 'full'))?.map(({ code }) => code)).toEqual([
    'list_unknown',
    'scopes_granted',
    'schema_drift',
  ])
})

test('a key from a function is read again when it is refused', async () => {
  const keys = ['old', 'fake-api-token']
  let reads = 0
  const { deliver } = await openAccount({ settings: { apiToken: async () => keys[Math.min(reads++, 1)] ?? '' } })
  expect(results(await deliver(person('k1')))).toEqual({ delivered: 1 })
  expect(reads).toBe(2)
})

test.each([
  [{ apiUrl: '', apiToken: 'x' }, 'apiUrl'],
  [{ apiUrl: 'http://acme.api-us1.com', apiToken: 'x' }, 'apiUrl'],
  [{ apiUrl: 'https://acme.api-us1.com', apiToken: ' ' }, 'apiToken'],
  [{ apiUrl: 'https://acme.api-us1.com', apiToken: 'x', tracking: { accountId: 'acme', eventKey: 'y' } }, 'tracking.accountId'],
  [{ apiUrl: 'https://acme.api-us1.com', apiToken: 'x', cartIdleMinutes: 0 }, 'cartIdleMinutes'],
])('settings %j are refused and name %s', (settings, field) => {
  expect(() => activecampaign(settings)).toThrow(expect.objectContaining({ code: 'setting_invalid', field }))
})

test('the account is never asked for more than five requests a second, REST and GraphQL together', async () => {
  const { deliver, fake } = await openAccount({ fake: { limits: { perSecond: 5, refusals: 50, imports: 100, singleImports: 20 } } })
  expect(results(await deliver(...Array.from({ length: 9 }, (_, n) => person(`k${n}`))))).toEqual({ delivered: 9 })
  expect(fake.requests.filter(({ status }) => status === 429)).toEqual([])
})
