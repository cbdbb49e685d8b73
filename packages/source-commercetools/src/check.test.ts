import { type FakeCommercetools, seedShop, startFakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { commercetools } from './commercetools.ts'
import { quickContext, sourceOf } from './test-support.ts'

const scopes = [
  'view_products',
  'view_customers',
  'view_orders',
  'view_payments',
  'view_project_settings',
  'view_business_units',
  'view_states',
  'view_types',
  'view_stores',
]

let shop: FakeCommercetools
const open = async (given: readonly string[]) => {
  shop = await startFakeCommercetools({ scopes: given })
  seedShop(shop, { customers: 3, orders: 3, products: 3, carts: 0, businessUnits: 0 })
}
beforeEach(() => open(scopes))
afterEach(() => shop.close())

const codes = async (source: ReturnType<typeof sourceOf>) =>
  (await source.check(quickContext())).map(({ level, code, setting }) => [level, code, setting].filter(Boolean).join(' '))

describe('check', () => {
  it('is content with exactly the scopes that are needed', async () => {
    expect(await codes(sourceOf(shop))).toEqual(['ok source_scopes_fit', 'ok source_project_reached'])
  })

  it.each(['view_customers', 'view_orders', 'view_payments', 'view_products', 'view_business_units'])(
    'names the missing scope %s with its cure',
    async (missing) => {
      await shop.close()
      await open(scopes.filter((scope) => scope !== missing))
      const findings = await sourceOf(shop).check(quickContext())
      expect(findings).toContainEqual(
        expect.objectContaining({
          level: 'error',
          code: 'source_scope_missing',
          setting: 'clientId',
          cure: expect.stringContaining(`${missing}:${shop.projectKey}`) as string,
        }),
      )
    },
  )

  it('only warns where names would be lost', async () => {
    await shop.close()
    await open(scopes.filter((scope) => scope !== 'view_states'))
    expect(await codes(sourceOf(shop))).toContain('warning source_scope_missing clientId')
  })

  it('does not ask for business units where they are not wanted', async () => {
    await shop.close()
    await open(scopes.filter((scope) => scope !== 'view_business_units'))
    expect(await codes(sourceOf(shop, { companies: false }))).toEqual(['ok source_scopes_fit', 'ok source_project_reached'])
  })

  it('asks for shopping lists, and for the stores whose channels they go by, where lists are named', async () => {
    const shoppingLists = ['Wishlist']
    const findings = await sourceOf(shop, { shoppingLists }).check(quickContext())
    expect(findings[0]).toMatchObject({
      code: 'source_scope_missing',
      cure: expect.stringContaining('view_shopping_lists:fake-shop') as string,
    })
    await shop.close()
    await open([...scopes, 'view_shopping_lists'])
    expect(await codes(sourceOf(shop, { shoppingLists }))).toEqual(['ok source_scopes_fit', 'ok source_project_reached'])
    await shop.close()
    await open([...scopes, 'view_shopping_lists'].filter((scope) => scope !== 'view_stores'))
    expect(await codes(sourceOf(shop, { shoppingLists }))).toContain('error source_scope_missing clientId')
  })

  it('is content with scopes of the stores that are read', async () => {
    await shop.close()
    await open([...scopes.filter((scope) => scope !== 'view_orders'), 'view_orders:fake-shop:de'])
    expect(await codes(sourceOf(shop, { stores: ['de'] }))).toEqual(expect.not.arrayContaining(['error source_scope_missing clientId']))
    expect(await codes(sourceOf(shop))).toContain('error source_scope_missing clientId')
  })

  it('warns of scopes that a reader does not need', async () => {
    await shop.close()
    await open([...scopes, 'manage_orders', 'view_shopping_lists'])
    const findings = await sourceOf(shop).check(quickContext())
    expect(findings).toContainEqual(
      expect.objectContaining({
        level: 'warning',
        code: 'source_scope_needless',
        message: expect.stringContaining('manage_orders:fake-shop, view_shopping_lists:fake-shop') as string,
      }),
    )
  })

  it('names wrong credentials, an unknown project and a host that cannot be reached', async () => {
    expect(await codes(sourceOf(shop, { clientSecret: 'wrong' }))).toEqual(['error source_credentials_refused clientSecret'])
    expect((await codes(sourceOf(shop, { projectKey: 'other' }))).at(-1)).toMatch(/^error source_(scope_missing|not_found)/)
    const { projectKey, clientId, clientSecret } = shop
    const nowhere = 'http://127.0.0.1:1'
    expect(await codes(commercetools({ projectKey, clientId, clientSecret, apiUrl: nowhere, authUrl: nowhere }))).toEqual([
      'error source_unreachable authUrl',
    ])
    expect((await codes(sourceOf(shop, { apiUrl: nowhere }))).at(-1)).toBe('error source_unreachable apiUrl')
  })

  it('names refused scopes', async () => {
    expect(await codes(sourceOf(shop, { scopes: ['manage_everything:fake-shop'] }))).toEqual(['error source_scopes_refused scopes'])
  })

  it('finds fields that no custom type has', async () => {
    const consent = [
      { channel: 'email', field: 'NEWSLETTER_SUBSCRIBE', timestampField: 'NEWSLETTER_SINCE' },
      { channel: 'sms', field: 'SMS_OPTIN' },
    ] as const
    const findings = await sourceOf(shop, { consent, vatIdField: 'vatId', phoneField: 'phone' }).check(quickContext())
    expect(findings.filter(({ level }) => level === 'error').map(({ setting }) => setting)).toEqual(['consent[1].field', 'phoneField'])
    expect(findings.find(({ setting }) => setting === 'consent[1].field')?.cure).toContain('SMS_OPT_IN')
  })

  it('finds stores that do not exist, and a locale that the project does not speak', async () => {
    expect(await codes(sourceOf(shop, { stores: ['de', 'atlantis'], locale: 'tlh' }))).toEqual(
      expect.arrayContaining(['error source_store_unknown stores', 'warning source_locale_unknown locale']),
    )
  })

  it('sends nothing but reading requests', async () => {
    await sourceOf(shop, { consent: [{ channel: 'email', field: 'NEWSLETTER_SUBSCRIBE' }] }).check(quickContext())
    expect(shop.requests.filter(({ method, path }) => method !== 'GET' && !path.startsWith('/oauth/'))).toEqual([])
  })
})
