/**
 * Both vendors in a process of their own, so that what they cost is not counted as ours: a seeded shop and a portal, without rate limits. Tells its parent where
 * they are, on the message `requests` how many requests they have answered, and on `{ touch }` what it announces of some customers, which it changes then.
 */
import { notificationsOf, seedShop, startFakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { startFakeHubSpot, unlimited } from '@millrace/fake-vendors/hubspot'

/** Where the vendors are and how to get in. */
export interface Vendors {
  shop: { projectKey: string; clientId: string; clientSecret: string; apiUrl: string; authUrl: string }
  portal: { accessToken: string; baseUrl: string }
  records: { customers: number; orders: number; products: number }
}

/** Requests answered so far, those for tokens included. */
export interface Requests {
  shop: number
  portal: number
  objects: Record<string, number>
}

const [customers = 0, orders = 0, products = 0] = process.argv.slice(2).map(Number)
const shop = await startFakeCommercetools()
const portal = await startFakeHubSpot({ currencies: ['USD', 'JPY', 'KWD'], limits: unlimited })
seedShop(shop, { customers, orders, products, seed: 7 })
const { projectKey, clientId, clientSecret, apiUrl, authUrl } = shop
const vendors: Vendors = {
  shop: { projectKey, clientId, clientSecret, apiUrl, authUrl },
  portal: { accessToken: portal.accessToken, baseUrl: portal.url },
  records: {
    customers: shop.project.count('customer'),
    orders: shop.project.count('order'),
    products: shop.project.count('product'),
  },
}
process.send?.(vendors)
/** Changes customers as the shop's own staff would, and gives what the platform would announce. */
const touch = ({ from, count }: { from: number; count: number }): void => {
  const make = notificationsOf(shop.projectKey)
  const rows = shop.project
    .all('customer')
    .slice(from, from + count)
    .map(({ id }) => shop.project.update('customer', id, { firstName: `Touched ${Date.now()}` }))
  process.send?.(rows.map((row) => make.change('customer', row)))
}

process.on('message', (message: 'requests' | { touch: { from: number; count: number } }) => {
  if (typeof message === 'object') return touch(message.touch)
  const requests: Requests = {
    shop: shop.count(),
    portal: portal.count(),
    objects: Object.fromEntries(
      (['contacts', 'companies', 'products', 'deals', 'line_items'] as const).map((type) => [type, portal.portal.count(type)]),
    ),
  }
  process.send?.(requests)
  return undefined
})
process.on('disconnect', () => void Promise.all([shop.close(), portal.close()]))
