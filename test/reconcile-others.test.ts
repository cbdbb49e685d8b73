import { createMillrace, type Destination, type Millrace } from '@millrace/core'
import { memoryStore } from '@millrace/core/testing'
import { activecampaign } from '@millrace/destination-activecampaign'
import { marketing } from '@millrace/destination-marketing'
import { startFakeActiveCampaign, unlimited as unlimitedAccount } from '@millrace/fake-vendors/activecampaign'
import { seedShop, startFakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { startFakeDotdigital, unlimited } from '@millrace/fake-vendors/dotdigital'
import { scaledClock } from '@millrace/adapter-kit/testing'
import { commercetools } from '@millrace/source-commercetools'
import { afterEach, expect, it } from 'vitest'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

const period = { from: '2000-01-01', to: '2099-12-31', timeZone: 'Europe/Berlin' }

const connect = async (destination: Destination): Promise<Millrace> => {
  const shop = await startFakeCommercetools({})
  closing.push(() => shop.close())
  seedShop(shop, { customers: 30, orders: 60, products: 10, seed: 3 })
  const { projectKey, clientId, clientSecret, apiUrl, authUrl } = shop
  const millrace = createMillrace({
    sources: { shop: commercetools({ projectKey, clientId, clientSecret, apiUrl, authUrl, settleMs: 0 }) },
    connections: { other: { destination } },
    store: memoryStore(),
    clock: scaledClock(50),
  })
  closing.push(() => millrace.close())
  await millrace.apply()
  const report = await millrace.backfill({ drainMs: 600_000 })
  expect(report.problems).toEqual([])
  return millrace
}

const activeCampaign = async (): Promise<Destination> => {
  const clock = scaledClock(50)
  const fake = await startFakeActiveCampaign({ limits: unlimitedAccount, now: () => clock.now(), orderLagMs: 0, deepDataLagMs: 0 })
  closing.push(() => fake.close())
  return activecampaign({ apiUrl: fake.url, apiToken: fake.apiToken })
}

const dotdigital = async (): Promise<Destination> => {
  const fake = await startFakeDotdigital({ limits: unlimited, importMs: 0 })
  closing.push(() => fake.close())
  return marketing({ baseUrl: fake.url, username: fake.username, password: fake.password, listId: fake.account.addList('Shop') })
}

it.each([
  ['ActiveCampaign', activeCampaign],
  ['Marketing', dotdigital],
])(
  'a shop and %s agree after a backfill, by the fields that its adapter names',
  async (_name, start) => {
    const millrace = await connect(await start())
    for (const basis of ['placed', 'paid'] as const) {
      const { connections } = await millrace.reconcile({ ...period, basis })
      const { groups, findings, beyond, status, leftOut } = connections['other'] ?? {}
      expect({ findings, beyond, status, leftOut }).toEqual({ findings: [], beyond: [], status: 'agrees', leftOut: expect.any(Object) })
      expect(groups?.reduce((sum, { destination }) => sum + destination.orders, 0)).toBeGreaterThan(0)
    }
  },
  120_000,
)
