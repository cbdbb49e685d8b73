import { createMillrace } from '@millrace/core'
import { hubspot } from '@millrace/destination-hubspot'
import { startFakeHubSpot } from '@millrace/fake-vendors/hubspot'
import { sqlite } from '@millrace/store-sqlite'
import { shopSource } from './shop-source.ts'
import { tinyShop } from './shop.ts'

const shop = tinyShop()
const stamp = '2026-05-01 12:00:00'
for (let id = 1; id <= 250; id++)
  shop.tables.customers.push({
    entity_id: id,
    created_at: stamp,
    updated_at: stamp,
    email: `c${id}@example.com`,
    firstname: `Customer ${id}`,
  })
for (let id = 1; id <= 400; id++)
  shop.tables.orders.push({
    entity_id: id,
    increment_id: `1000${id}`,
    created_at: stamp,
    updated_at: stamp,
    customer_id: 1 + (id % 250),
    email: `c${1 + (id % 250)}@example.com`,
    state: 'complete',
    currency: 'EUR',
    grand_total: 29.99,
    tax_amount: 4.79,
    total_paid: 29.99,
    items: [{ item_id: id, sku: 'SKU-1', name: 'Shirt', qty_ordered: 1, price: 29.99, row_total: 29.99 }],
  })

// A HubSpot of its own on this machine, unless there is a token for a real portal.
const token = process.env['HUBSPOT_ACCESS_TOKEN']
const fake = token === undefined ? await startFakeHubSpot() : undefined
const millrace = createMillrace({
  sources: { 'tiny-shop': shopSource(shop) },
  connections: {
    hubspot: {
      destination: hubspot(fake === undefined ? { accessToken: token ?? '' } : { accessToken: fake.accessToken, baseUrl: fake.url }),
    },
  },
  store: sqlite({ path: process.argv[2] ?? 'millrace.db' }),
})
try {
  const { total } = await millrace.apply()
  console.log(`${total} changes applied at HubSpot`)
  for (const pass of ['first pass', 'second pass']) {
    const { run, connections } = await millrace.sync()
    console.log(`${pass}: ${run.status}, ${connections['hubspot']?.delivered} delivered in ${connections['hubspot']?.requests} requests`)
  }
  if (fake !== undefined) console.log(`HubSpot holds ${fake.portal.count('contacts')} contacts and ${fake.portal.count('deals')} deals`)
} finally {
  await millrace.close()
  await fake?.close()
}
