import { silentLogger, systemClock } from '@millrace/core'
import { startFakeCommercetools, type FakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commercetools } from './commercetools.ts'

const at = (day: number): string => new Date(Date.UTC(2026, 0, day)).toISOString()

describe('the number of records, for estimates', () => {
  let shop: FakeCommercetools
  beforeAll(async () => {
    shop = await startFakeCommercetools()
    for (let day = 1; day <= 9; day++) {
      const base = { id: `c${day}`, email: `c${day}@example.com`, createdAt: at(day), lastModifiedAt: at(day), addresses: [] }
      shop.project.add('customer', base)
    }
  })
  afterAll(() => shop.close())

  it('is what the platform says, in all or since a time, by one small request', async () => {
    const { projectKey, clientId, clientSecret, apiUrl, authUrl } = shop
    const source = commercetools({ projectKey, clientId, clientSecret, apiUrl, authUrl })
    const ctx = { clock: systemClock, logger: silentLogger, signal: new AbortController().signal }
    expect(await source.count?.('customer', undefined, ctx)).toBe(9)
    expect(await source.count?.('customer', Date.parse(at(7)), ctx)).toBe(3)
    expect(await source.count?.('order', undefined, ctx)).toBe(0)
    expect(shop.count({ path: `/${projectKey}/customers` })).toBe(2)
  })
})
