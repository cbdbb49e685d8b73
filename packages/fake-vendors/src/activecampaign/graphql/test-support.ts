import type { FakeActiveCampaignOptions } from '../options.ts'
import { graphql, withFake, type RawReply } from '../raw.ts'
import type { FakeActiveCampaign } from '../server.ts'

/** Sends the text of the operations that tests use. */
export const operations = {
  upsert: 'mutation ($order: OrderInput!) { upsertOrder(order: $order) { id storeOrderId } }',
  bulk: 'mutation Bulk($orders: [OrderInput!]!) { bulkUpsertOrders(orders: $orders) { id storeOrderId finalAmount } }',
  async: 'mutation ($orders: [OrderInput]) { bulkUpsertOrdersAsync(orders: $orders) { recordId } }',
  products: 'mutation ($products: [ProductInput]) { bulkUpsertProducts(products: $products) { id storePrimaryId variantName } }',
  get: 'query ($c: Int!, $s: String!) { getOrder(legacyConnectionId: $c, storeOrderId: $s) { id finalAmount currency lineItems { priceAmount } } }',
} as const

/** A complete order of connection 1. */
export function order(storeOrderId: string, change: object = {}): Record<string, unknown> {
  return {
    storeOrderId,
    legacyConnectionId: 1,
    email: 'ada@example.com',
    currency: 'EUR',
    normalizedStatus: 'COMPLETED',
    storeCreatedDate: '2026-11-20T10:00:00Z',
    finalAmount: 39.98,
    lineItems: [{ legacyConnectionId: 1, storePrimaryId: 'p1', name: 'Mug', sku: 'MUG', quantity: 2, priceAmount: 39.98 }],
    ...change,
  }
}

/** Writes orders in one asynchronous operation. */
export function writeOrders(fake: FakeActiveCampaign, ...orders: readonly object[]): Promise<RawReply> {
  return graphql(fake, operations.async, { orders })
}

/** Starts a fake with connections 1 and 2, runs `body` and closes it. */
export async function withShop(options: FakeActiveCampaignOptions, body: (fake: FakeActiveCampaign) => Promise<void>): Promise<void> {
  await withFake(options, async (fake) => {
    fake.account.addConnection('millrace', 'eu')
    fake.account.addConnection('millrace', 'us')
    await body(fake)
  })
}

/** Message of the first GraphQL error; undefined when there is none. */
export function messageOf(reply: RawReply): unknown {
  return reply.many('errors')[0]?.['message']
}
