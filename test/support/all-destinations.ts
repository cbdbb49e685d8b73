import type { Clock, ContractOverride, Destination } from '@millrace/core'
import { activecampaign } from '@millrace/destination-activecampaign'
import { crmOne } from '@millrace/destination-crm-one'
import { hubspot } from '@millrace/destination-hubspot'
import { marketing } from '@millrace/destination-marketing'
import { warehouse } from '@millrace/destination-warehouse'
import { startFakeActiveCampaign, unlimited as unlimitedAccount } from '@millrace/fake-vendors/activecampaign'
import { startFakeCrmOne } from '@millrace/fake-vendors/crm-one'
import { startFakeDotdigital, unlimited as unlimitedMailing } from '@millrace/fake-vendors/dotdigital'
import { startFakeHubSpot, unlimited as unlimitedPortal, type FakeHubSpot, type Faults } from '@millrace/fake-vendors/hubspot'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** An order as a destination keeps it. */
export interface KeptOrder {
  /** Id of the shop. */
  id: string
  currency: string
  /** As it stands there, untouched. */
  amount: unknown
  /** Prices of its lines, as they stand there: unit prices, or totals where the vendor keeps no others. */
  prices: unknown[]
}

const pricesOf = (rows: unknown, name: string): unknown[] =>
  Array.isArray(rows) ? rows.map((row: Record<string, unknown>) => row[name]) : []

/** A destination on this machine. */
export interface Place {
  destination: Destination
  contract: ContractOverride
  orders(): KeptOrder[]
  /** Whether its amount is what is left after refunds, or all that was paid. */
  keeps: 'due' | 'gross'
  /** How many requests change something, since the last `forget`. */
  writes(): number
  forget(): void
  /** From now on every request is refused, or with `writes` all but plain reads, or none any more. */
  outage(status: 401 | 429 | 503 | undefined, which?: 'all' | 'writes'): void
  /** Answers six writes with refusals of several kinds that repeat `text` wherever a vendor says something. */
  echo(text: string): void
  close(): Promise<void>
}

/** The names of every connection. */
export const placeNames = ['hubspot', 'activecampaign', 'dotdigital', 'crm', 'warehouse'] as const
export type PlaceName = (typeof placeNames)[number]

const currencies = ['EUR', 'USD', 'JPY', 'KWD']
const withoutSource = (key: unknown): string => String(key).replace(/^shop:/, '')

interface World {
  clock: Clock
  limits: boolean
}

interface Fake {
  count(match: (request: { method: string; path: string }) => boolean): number
  resetRequests(): void
  readonly faults: Faults
  close(): Promise<void>
}

const common = (fake: Fake): Pick<Place, 'writes' | 'forget' | 'outage' | 'echo' | 'close'> => ({
  writes: () => fake.count(({ method, path }) => method !== 'GET' && !path.endsWith('/batch/read') && !path.endsWith('/search')),
  forget: () => fake.resetRequests(),
  outage: (status, which = 'all') => {
    fake.faults.clear()
    if (status === undefined) return
    const headers: Record<string, string> = status === 429 ? { 'retry-after': '1' } : {}
    fake.faults.schedule({
      fault: { kind: 'reply', reply: { status, headers, body: { message: 'refused' } } },
      times: Number.POSITIVE_INFINITY,
      where: ({ method }) => which === 'all' || method !== 'GET',
    })
  },
  echo: (text) => {
    const json = { message: text, title: text, detail: text, description: text, errors: [{ title: text, detail: text, message: text }] }
    const html = { status: 502, headers: { 'content-type': 'text/html' }, body: `<html>${text}</html>` }
    for (const reply of [...[400, 404, 409, 422, 500].map((status) => ({ status, body: json })), html])
      fake.faults.schedule({ fault: { kind: 'reply', reply }, times: 1, where: ({ method }) => method !== 'GET' })
  },
  close: () => fake.close(),
})

const portalPlace = async ({ clock, limits }: World): Promise<Place & { fake: FakeHubSpot }> => {
  const fake = await startFakeHubSpot({
    currencies: currencies.filter((one) => one !== 'EUR'),
    ...(limits ? {} : { limits: unlimitedPortal }),
    now: clock.now,
  })
  return {
    ...common(fake),
    fake,
    keeps: 'due',
    destination: hubspot({ accessToken: fake.accessToken, baseUrl: fake.url }),
    contract: { currencies },
    orders: () => {
      const prices = Map.groupBy(fake.portal.all('line_items'), ({ properties }) =>
        properties['shop_line_key']?.split(':').slice(0, 2).join(':'),
      )
      return fake.portal.all('deals').map(({ properties }) => ({
        id: withoutSource(properties['shop_order_key']),
        currency: properties['deal_currency_code'] ?? '',
        amount: properties['amount'],
        prices: (prices.get(properties['shop_order_key']) ?? []).map((line) => line.properties['price']),
      }))
    },
  }
}

const accountPlace = async ({ clock, limits }: World): Promise<Place> => {
  const fake = await startFakeActiveCampaign({
    ...(limits ? {} : { limits: unlimitedAccount }),
    now: clock.now,
    importDelayMs: 100,
    orderLagMs: 0,
    deepDataLagMs: 0,
  })
  return {
    ...common(fake),
    keeps: 'due',
    destination: activecampaign({ apiUrl: fake.url, apiToken: fake.apiToken }),
    contract: { currencies },
    orders: () =>
      fake.account.orders().map(({ storeOrderId, fields }) => ({
        id: withoutSource(storeOrderId),
        currency: String(fields['currency']),
        amount: fields['finalAmount'],
        prices: pricesOf(fields['lineItems'], 'priceAmount'),
      })),
  }
}

const mailingPlace = async ({ clock, limits }: World): Promise<Place> => {
  const fake = await startFakeDotdigital({ ...(limits ? {} : { limits: unlimitedMailing }), importMs: 0, now: clock.now })
  const listId = fake.account.addList('Shop')
  return {
    ...common(fake),
    keeps: 'due',
    destination: marketing({ baseUrl: fake.url, username: fake.username, password: fake.password, listId }),
    contract: { currencies },
    orders: () =>
      fake.account.records('Orders').map(({ key, json }) => ({
        id: withoutSource(key),
        currency: String(json['currency']),
        amount: json['orderTotal'],
        prices: pricesOf(json['products'], 'price'),
      })),
  }
}

const crmPlace = async ({ clock }: World): Promise<Place> => {
  const fake = await startFakeCrmOne({ now: clock.now })
  return {
    ...common(fake),
    keeps: 'gross',
    destination: crmOne({ baseUrl: fake.url, token: fake.token }),
    contract: {},
    orders: () =>
      fake.crm.orders().map(({ externalId, currency, gross, lines }) => ({
        id: externalId.id,
        currency,
        amount: gross,
        prices: lines.map(({ unitPrice }) => unitPrice),
      })),
  }
}

const warehousePlace = (directory: string): Place => ({
  keeps: 'gross',
  destination: warehouse({ directory }),
  contract: { currencies },
  orders: () => {
    const file = join(directory, 'order.ndjson')
    const rows = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
    const newest = new Map<string, KeptOrder>()
    for (const text of rows) {
      if (text === '') continue
      const { key, fields, children }: { key: string; fields: Record<string, unknown>; children: { fields: unknown }[] } = JSON.parse(text)
      const prices = pricesOf(
        children.map((line) => line.fields),
        'unit_price',
      )
      newest.set(key, { id: withoutSource(key), currency: String(fields['currency']), amount: fields['gross'], prices })
    }
    return [...newest.values()]
  },
  writes: () => 0,
  forget: () => {},
  outage: () => {
    throw new TypeError('Files are never down.')
  },
  echo: () => {},
  close: async () => {},
})

/** Each by the name of its connection. */
export type Places = Record<PlaceName, Place> & { hubspot: { fake: FakeHubSpot } }

/** All five, on one clock. The warehouse keeps its files in `directory`. With `limits` the vendors allow what they allow their customers. */
export const startPlaces = async (world: World & { directory: string }): Promise<Places> => ({
  hubspot: await portalPlace(world),
  activecampaign: await accountPlace(world),
  dotdigital: await mailingPlace(world),
  crm: await crmPlace(world),
  warehouse: warehousePlace(join(world.directory, 'warehouse')),
})
