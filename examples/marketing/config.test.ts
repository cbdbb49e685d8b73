import { readFile } from 'node:fs/promises'
import { scaledClock } from '@millrace/adapter-kit/testing'
import { createMillrace, type MillraceConfig } from '@millrace/core'
import { memoryStore } from '@millrace/core/testing'
import { seedShop, startFakeCommercetools, type FakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { startFakeDotdigital, type FakeDotdigital } from '@millrace/fake-vendors/dotdigital'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'

let shop: FakeCommercetools
let fake: FakeDotdigital
let environment: Record<string, string>
beforeAll(async () => {
  shop = await startFakeCommercetools({ now: () => Date.now() + 3_600_000 })
  seedShop(shop, { customers: 40, orders: 40, products: 10, seed: 3 })
  fake = await startFakeDotdigital({ importMs: 0 })
  environment = {
    CTP_PROJECT_KEY: shop.projectKey,
    CTP_CLIENT_ID: shop.clientId,
    CTP_CLIENT_SECRET: shop.clientSecret,
    CTP_API_URL: shop.apiUrl,
    CTP_AUTH_URL: shop.authUrl,
    DOTDIGITAL_BASE_URL: fake.url,
    DOTDIGITAL_USERNAME: fake.username,
    DOTDIGITAL_PASSWORD: fake.password,
    DOTDIGITAL_LIST_ID: String(fake.account.addList('Shop')),
  }
})
afterAll(async () => {
  await shop.close()
  await fake.close()
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.resetModules()
})

const file = (name: string): Promise<string> => readFile(new URL(name, import.meta.url), 'utf8')

const load = async (): Promise<MillraceConfig> => {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  const module: { default: MillraceConfig } = await import('./millrace.config.ts')
  return module.default
}

describe('the config', () => {
  it('asks for no variable that the template does not name', async () => {
    const asked = [...(await file('millrace.config.ts')).matchAll(/env\('(\w+)'/g)].map((match) => match[1])
    const named = [...(await file('.env.example')).matchAll(/^(\w+)=/gm)].map((match) => match[1])
    expect(asked.toSorted()).toEqual(named.toSorted())
  })

  it('takes a shop to Dotdigital: apply, backfill, a second pass without a write', async () => {
    const millrace = createMillrace({ ...(await load()), store: memoryStore(), clock: scaledClock(20) })
    await millrace.apply()
    const report = await millrace.backfill()
    expect(report.connections['dotdigital']).toMatchObject({ deadLettered: 0, pending: 0, parked: 0 })
    expect(fake.account.contacts().length).toBeGreaterThan(40)
    expect(fake.account.records('Orders')).toHaveLength(40)
    expect(fake.account.dataFields().map(({ name }) => name)).toContain('SHOP_LOYALTY')
    fake.resetRequests()
    await millrace.backfill()
    expect(fake.count(({ method }) => method !== 'GET')).toBe(0)
    await millrace.close()
  })
})
