import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { scaledClock } from '@millrace/adapter-kit/testing'
import { createMillrace, type MillraceConfig } from '@millrace/core'
import { memoryStore } from '@millrace/core/testing'
import { startFakeActiveCampaign, unlimited as unlimitedAccount } from '@millrace/fake-vendors/activecampaign'
import { seedShop, startFakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { startFakeCrmOne } from '@millrace/fake-vendors/crm-one'
import { startFakeDotdigital, unlimited as unlimitedMailing } from '@millrace/fake-vendors/dotdigital'
import { startFakeHubSpot, unlimited as unlimitedPortal } from '@millrace/fake-vendors/hubspot'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'

const open = async () => {
  const shop = await startFakeCommercetools()
  seedShop(shop, { customers: 30, orders: 40, products: 10, carts: 0, businessUnits: 0 })
  const portal = await startFakeHubSpot({ limits: unlimitedPortal, currencies: ['USD', 'JPY', 'KWD'] })
  const account = await startFakeActiveCampaign({ limits: unlimitedAccount, importDelayMs: 10, orderLagMs: 0, deepDataLagMs: 0 })
  const mailing = await startFakeDotdigital({ limits: unlimitedMailing, importMs: 0 })
  const crm = await startFakeCrmOne()
  const directory = await mkdtemp(join(tmpdir(), 'millrace-all-'))
  return { shop, portal, account, mailing, crm, directory }
}
let world: Awaited<ReturnType<typeof open>>
beforeAll(async () => {
  world = await open()
  const { shop, portal, account, mailing, crm, directory } = world
  environment = {
    CTP_PROJECT_KEY: shop.projectKey,
    CTP_CLIENT_ID: shop.clientId,
    CTP_CLIENT_SECRET: shop.clientSecret,
    CTP_API_URL: shop.apiUrl,
    CTP_AUTH_URL: shop.authUrl,
    HUBSPOT_ACCESS_TOKEN: portal.accessToken,
    HUBSPOT_BASE_URL: portal.url,
    ACTIVECAMPAIGN_API_URL: account.url,
    ACTIVECAMPAIGN_API_TOKEN: account.apiToken,
    DOTDIGITAL_BASE_URL: mailing.url,
    DOTDIGITAL_USERNAME: mailing.username,
    DOTDIGITAL_PASSWORD: mailing.password,
    DOTDIGITAL_LIST_ID: String(mailing.account.addList('Shop')),
    CRM_ONE_URL: crm.url,
    CRM_ONE_TOKEN: crm.token,
    WAREHOUSE_DIRECTORY: join(directory, 'warehouse'),
  }
})
afterAll(async () => {
  const { shop, portal, account, mailing, crm, directory } = world
  for (const vendor of [shop, portal, account, mailing, crm]) await vendor.close()
  await rm(directory, { recursive: true, force: true })
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.resetModules()
})

let environment: Record<string, string> = {}
const load = async (): Promise<MillraceConfig> => {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  const module: { default: MillraceConfig } = await import('./millrace.config.ts')
  return module.default
}
const file = (name: string): Promise<string> => readFile(new URL(name, import.meta.url), 'utf8')

/** Orders at each destination, CRM One's last. */
const kept = async (): Promise<number[]> => {
  const rows = await readFile(join(world.directory, 'warehouse', 'order.ndjson'), 'utf8').catch(() => '')
  const keys = rows.split('\n').flatMap((row) => /"key":"([^"]+)"/.exec(row)?.[1] ?? [])
  return [
    world.portal.portal.count('deals'),
    world.account.account.orders().length,
    world.mailing.account.records('Orders').length,
    new Set(keys).size,
    world.crm.crm.orders().length,
  ]
}

describe('one shop into five destinations', () => {
  it('asks for no variable that the template does not name', async () => {
    const asked = [...(await file('millrace.config.ts')).matchAll(/env\('(\w+)'/g)].map((match) => match[1])
    const named = [...(await file('.env.example')).matchAll(/^(\w+)=/gm)].map((match) => match[1])
    expect(asked.toSorted()).toEqual(named.toSorted())
  })

  it('goes on with four while one is down, and with that one when it is back', async () => {
    const millrace = createMillrace({ ...(await load()), store: memoryStore(), clock: scaledClock(20) })
    await millrace.apply()
    world.crm.setDown({ kind: 'reply', reply: { status: 503, headers: {}, body: {} } })
    const first = await millrace.backfill({ drainMs: 30_000 })
    expect(await kept()).toEqual([40, 40, 40, 40, 0])
    expect(new Set(first.problems.map(({ connection }) => connection))).toEqual(new Set(['crm']))

    world.crm.setDown(undefined)
    const second = await millrace.backfill({ drainMs: 3_600_000 })
    expect(await kept()).toEqual([40, 40, 40, 40, 40])
    expect(second.run.status).toBe('completed')
    for (const name of ['hubspot', 'activecampaign', 'dotdigital', 'warehouse'])
      expect(second.connections[name], name).toMatchObject({ delivered: 0 })
    await millrace.close()
  })
})
