import { destinationSuite } from '@millrace/adapter-kit/testing'
import { createMillrace } from '@millrace/core'
import { memoryStore } from '@millrace/core/testing'
import { seedShop, startFakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { commercetools } from '@millrace/source-commercetools'
import { expect, it } from 'vitest'
import { startLodestar } from './lodestar-fake.ts'
import { lodestar } from './lodestar.ts'

// The whole first test: every rule that concerns what the adapter declares.
destinationSuite({ destination: (baseUrl) => lodestar({ token: 'test', baseUrl }), fake: () => startLodestar('test') })

it('takes a shop: every order with its lines, amounts exact, and a second pass sends nothing', async () => {
  const shop = await startFakeCommercetools()
  seedShop(shop, { customers: 40, orders: 60, products: 10, businessUnits: 0, carts: 0 })
  const vendor = await startLodestar('test')
  const { projectKey, clientId, clientSecret, apiUrl, authUrl } = shop
  const millrace = createMillrace({
    source: commercetools({ projectKey, clientId, clientSecret, apiUrl, authUrl, settleMs: 0 }),
    destinations: [lodestar({ token: 'test', baseUrl: vendor.url })],
    store: memoryStore(),
  })
  const { run, connections } = await millrace.backfill()
  expect({ status: run.status, dead: connections['lodestar']?.deadLettered }).toEqual({ status: 'completed', dead: 0 })
  expect(vendor.purchases()).toHaveLength(60)
  const { requests } = connections['lodestar'] ?? { requests: 0 }
  expect(requests).toBeGreaterThan(0)
  expect((await millrace.backfill()).connections['lodestar']).toMatchObject({ delivered: 0, requests: 0 })
  await millrace.close()
  await vendor.close()
  await shop.close()
})
