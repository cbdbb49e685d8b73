import { isMillraceError } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { commercetools } from './commercetools.ts'
import { type CommercetoolsSettings, resolveSettings } from './settings.ts'

const good: CommercetoolsSettings = {
  projectKey: 'shop',
  clientId: 'id',
  clientSecret: 'secret',
  apiUrl: 'https://api.example',
  authUrl: 'https://auth.example',
}

describe('settings', () => {
  it('fill in their defaults', () => {
    expect(resolveSettings(good)).toMatchObject({
      products: 'all',
      carts: false,
      companies: true,
      stores: [],
      settleMs: 120_000,
      overlapMs: 120_000,
      pageSizes: { customer: 500, order: 100 },
    })
    expect(resolveSettings({ ...good, pageSizes: { order: 20 } }).pageSizes).toMatchObject({ customer: 500, order: 20 })
  })

  it.each([
    [{ projectKey: '' }, 'projectKey'],
    [{ clientSecret: '  ' }, 'clientSecret'],
    [{ clientId: undefined }, 'clientId'],
    [{ apiUrl: 'api.example' }, 'apiUrl'],
    [{ authUrl: 'ftp://auth.example' }, 'authUrl'],
    [{ products: 'some' }, 'products'],
    [{ products: 5 }, 'products'],
    [{ products: { where: '' } }, 'products.where'],
    [{ consent: [{ channel: 'email', field: '' }] }, 'consent[0].field'],
    [{ consent: [{ channel: 'pigeon', field: 'x' }] }, 'consent[0].channel'],
    [{ productUrl: 'https://shop/{colour}' }, 'productUrl'],
    [{ cartUrl: 'https://shop/{slug}' }, 'cartUrl'],
    [{ pageSizes: { order: 501 } }, 'pageSizes.order'],
    [{ pageSizes: { order: 0.5 } }, 'pageSizes.order'],
    [{ settleMs: -1 }, 'settleMs'],
    [{ overlapMs: Number.NaN }, 'overlapMs'],
    [{ timeoutMs: 0 }, 'timeoutMs'],
    [{ stores: 'eu' }, 'stores'],
    [{ shoppingLists: 'Wishlist' }, 'shoppingLists'],
    [{ shoppingLists: [] }, 'shoppingLists'],
    [{ shoppingLists: [''] }, 'shoppingLists'],
    [{ shoppingLists: { where: ' ' } }, 'shoppingLists.where'],
    [{ scopes: [5] }, 'scopes'],
    [{ clientSecrets: 'typo' }, 'clientSecrets'],
  ])('%j are refused by name', (wrong, setting) => {
    let error: unknown
    try {
      commercetools({ ...good, ...wrong } as CommercetoolsSettings)
    } catch (reason) {
      error = reason
    }
    if (!isMillraceError(error)) throw new Error('expected an error')
    expect(error).toMatchObject({ code: 'setting_invalid', field: setting })
    expect(error.message).toContain(setting)
    expect(error.message).not.toContain('secret')
  })

  it('decide which entities there are', () => {
    expect(commercetools(good).entities).toEqual(['category', 'product', 'company', 'customer', 'order'])
    expect(commercetools({ ...good, companies: false, carts: true }).entities).toEqual(['category', 'product', 'customer', 'order', 'cart'])
  })
})
