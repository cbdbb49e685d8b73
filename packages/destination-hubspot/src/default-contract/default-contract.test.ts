import {
  companySchema,
  compileMapping,
  customerSchema,
  orderSchema,
  orderStages,
  orderView,
  path,
  personView,
  productSchema,
  recordView,
  type Order,
  type OrderFact,
} from '@millrace/core'
import { afterEach, expect, test } from 'vitest'
import { closePortals, input, openPortal, type TestPortal } from '../test-support/portal.ts'

afterEach(closePortals)

const at = '2026-03-01T12:00:00.000Z'
const eur = (amount: string) => ({ currency: 'EUR', amount })
const context = { key: 'k1', historical: true, deletedAt: null, source: 'shop' }

const customer = customerSchema.parse({
  entity: 'customer',
  id: 'c1',
  customerNumber: '1001',
  createdAt: at,
  modifiedAt: at,
  email: 'Zoe.O@Example.com',
  firstName: 'Zoë',
  lastName: "O'Neill",
  locale: 'de-AT',
  groups: [{ id: 'g1', key: 'vip', name: 'VIP' }],
  stores: ['at'],
  billingAddress: {
    streetName: 'Ring',
    streetNumber: '1',
    postalCode: '1010',
    city: 'Wien',
    region: 'W',
    country: 'AT',
    phone: '+43 1 234',
  },
  shippingAddress: { city: 'Graz', region: 'ST', country: 'AT' },
})

const order = (more: Partial<Order> = {}): Order => ({
  ...orderSchema.parse({
    entity: 'order',
    id: 'o1',
    number: 'A-1',
    createdAt: at,
    modifiedAt: at,
    placedAt: at,
    paidAt: '2026-03-01T12:05:00.000Z',
    paymentState: 'paid',
    orderState: 'open',
    shipmentState: 'shipped',
    paymentMethods: ['card'],
    store: 'at',
    channel: 'web',
    customerGroup: { id: 'g1', key: 'vip', name: 'VIP' },
    gross: eur('119.00'),
    net: eur('100.00'),
    tax: eur('19.00'),
    shipping: eur('4.90'),
    discount: eur('10.00'),
    refunded: eur('0.00'),
    couponCodes: ['SPRING'],
    lines: [
      {
        id: 'l1',
        sku: 'S-1',
        name: { de: 'Hemd' },
        quantity: 3,
        unitPrice: eur('33.00'),
        total: eur('99.00'),
        cost: eur('20.00'),
        categoryPath: [{ de: 'Mode' }, { de: 'Hemden' }],
        attributes: { size: 'M' },
      },
      { id: 'l2', kind: 'gift', sku: 'G-1', name: { de: 'Geschenk' }, quantity: 1, unitPrice: eur('0.00'), total: eur('0.00') },
      { id: 'l3', kind: 'custom', name: { de: 'Kulanz' }, quantity: 1, unitPrice: eur('-5.00'), total: eur('-5.00') },
    ],
  }),
  ...more,
})

const mapping = ({ contract, destination }: TestPortal) => compileMapping(contract, destination.objects)

const deliverOrder = async (portal: TestPortal, one: Order) => {
  const object = 'deal' in portal.contract.objects ? 'deal' : 'order'
  const mapped = mapping(portal).map(object, orderView(one, context), 0)
  expect(mapped.problem).toBeUndefined()
  const children = mapped.children.map((child) => ({ ...child, links: [], changed: true }))
  const outcome = (await portal.deliver(input(object, 'k1', mapped.fields, { children }))).get(`${object}:k1`)
  expect(outcome).toMatchObject({ result: 'delivered' })
  return portal.fake.portal.get(object === 'deal' ? 'deals' : 'orders', outcome?.remoteId ?? '')
}

test('a person arrives with every default field', async () => {
  const portal = await openPortal()
  const fact: OrderFact = {
    source: 'shop',
    orderId: 'o1',
    number: 'A-1',
    guest: true,
    placedAt: at,
    paidAt: at,
    currency: 'EUR',
    gross: '119.00',
    net: '100.00',
    refunded: '0.00',
    cancelled: false,
    skus: ['S-1', 'G-1'],
    items: [{ sku: 'S-1', category: { en: 'Shirts', de: 'Hemden' }, quantity: 3 }],
    margin: { revenue: '100.00', cost: '50.00' },
  }
  const view = personView(
    [
      { role: 'account', record: customer, fact: null, rid: 1, deletedAt: null },
      { role: 'order', record: null, fact, rid: 2, deletedAt: null },
    ],
    { ...context, now: Date.parse(at), signals: portal.contract.signals ?? {}, locales: ['en'] },
  )
  const mapped = mapping(portal).map('contact', view, 0)
  expect(mapped.problem).toBeUndefined()
  await portal.deliver(input('contact', 'k1', mapped.fields))
  expect(portal.fake.portal.all('contacts')[0]?.properties).toMatchObject({
    email: 'zoe.o@example.com',
    lastname: "O'Neill",
    phone: '+43 1 234',
    address: 'Ring 1',
    city: 'Wien',
    state: 'W',
    country: 'AT',
    shop_customer_id: 'c1',
    shop_customer_number: '1001',
    shop_customer_groups: 'VIP',
    shop_stores: 'at',
    shop_locale: 'de-AT',
    shop_account_status: 'active',
    shop_account_created_at: '2026-03-01T12:00:00Z',
    shop_order_count: '1',
    shop_total_eur: '119.00',
    shop_totals: 'EUR 119.00',
    shop_last_skus: 'S-1, G-1',
    shop_average_eur: '119.00',
    shop_top_category: 'Shirts',
    shop_last_categories: 'Shirts',
    shop_commerce_stage: 'customer',
    shop_rfm: '512',
    shop_value_band: 'low',
    shop_margin_band: 'high',
    shop_suppress_marketing_until: '2026-03-04T12:00:00Z',
    shop_return_in_progress: 'false',
    shop_guest_order_ids: 'A-1',
    shop_historical: 'true',
    shop_first_order_at: '2026-03-01T12:00:00Z',
  })
})

test('a deal arrives with its amounts apart, its close date the time of payment, its reductions named and not as lines', async () => {
  const portal = await openPortal()
  const deal = await deliverOrder(portal, order())
  expect(deal?.properties).toMatchObject({
    dealname: 'Order A-1',
    amount: '119.00',
    deal_currency_code: 'EUR',
    closedate: '2026-03-01T12:05:00Z',
    shop_gross: '119.00',
    shop_net: '100.00',
    shop_tax: '19.00',
    shop_shipping: '4.90',
    shop_discount: '10.00',
    shop_refunded: '0.00',
    shop_reductions: 'Kulanz',
    shop_reduction_amounts: '-5.00',
    shop_coupon_codes: 'SPRING',
    shop_payment_state: 'paid',
    shop_payment_methods: 'card',
    shop_shipment_state: 'shipped',
    shop_order_id: 'o1',
    shop_order_number: 'A-1',
    shop_order_state: 'open',
    shop_store: 'at',
    shop_channel: 'web',
    shop_customer_group: 'VIP',
  })
  expect(
    portal.fake.portal.all('line_items').map(({ properties }) => [properties['name'], properties['price'], properties['quantity']]),
  ).toEqual([
    ['Hemd', '33.00', '3'],
    ['Geschenk', '0.00', '1'],
  ])
})

test('what the default leaves out is a rule away: the other region, the subtotal, category, cost and attributes of a line, campaign and landing page', async () => {
  const portal = await openPortal({
    contract: {
      signals: { acquisition: { campaign: 'custom.utm_campaign', landingPage: 'custom.landing_page' } },
      objects: {
        contact: {
          fields: {
            shop_shipping_region: { type: 'string', label: 'Shipping region', value: path('shippingAddress.region') },
            shop_first_campaign: { type: 'string', label: 'First campaign', value: path('firstTouch.campaign') },
            shop_landing_page: { type: 'string', label: 'First landing page', value: path('firstTouch.landingPage') },
          },
        },
        deal: {
          fields: { shop_subtotal: { type: 'decimal', label: 'Subtotal', value: path('subtotal.amount') } },
          children: {
            line_item: {
              fields: {
                shop_category: { type: 'string', label: 'Category', value: path('category') },
                shop_size: { type: 'string', label: 'Size', value: path('attributes.size') },
              },
            },
          },
        },
      },
    },
  })
  const account = { ...customer, custom: { utm_campaign: 'spring', landing_page: 'https://shop.example.com/spring' } }
  const view = personView([{ role: 'account', record: account, fact: null, rid: 1, deletedAt: null }], {
    ...context,
    now: Date.parse(at),
    signals: portal.contract.signals ?? {},
  })
  await portal.deliver(input('contact', 'k1', mapping(portal).map('contact', view, 0).fields))
  expect(portal.fake.portal.all('contacts')[0]?.properties).toMatchObject({
    state: 'W',
    shop_shipping_region: 'ST',
    shop_first_campaign: 'spring',
    shop_landing_page: 'https://shop.example.com/spring',
  })
  const deal = await deliverOrder(portal, order({ locale: 'de' }))
  expect(deal?.properties).toMatchObject({ shop_subtotal: '94.00' })
  expect(portal.fake.portal.all('line_items')[0]?.properties).toMatchObject({
    hs_sku: 'S-1',
    name: 'Hemd',
    quantity: '3',
    price: '33.00',
    shop_line_total: '99.00',
    shop_line_cost: '20.00',
    shop_category: 'Hemden',
    shop_size: 'M',
  })
})

test('a partial refund lowers the amount and leaves gross alone; an unpaid order has no close date', async () => {
  const portal = await openPortal()
  const refunded = await deliverOrder(portal, order({ refunded: eur('19.00') }))
  expect(refunded?.properties).toMatchObject({
    amount: '100.00',
    shop_gross: '119.00',
    shop_refunded: '19.00',
    shop_refund_state: 'partial',
  })
  const { paidAt: _, ...unpaid } = order({ paymentState: 'pending' })
  expect((await deliverOrder(portal, unpaid))?.properties).not.toHaveProperty('closedate')
})

test('the amount can be net', async () => {
  const deal = await deliverOrder(await openPortal({ settings: { dealAmount: 'net' } }), order())
  expect(deal?.properties).toMatchObject({ amount: '100.00', shop_gross: '119.00' })
})

test('the same order arrives as a HubSpot order', async () => {
  const hubspotOrder = await deliverOrder(await openPortal({ settings: { orders: 'orders' } }), order())
  expect(hubspotOrder?.properties).toMatchObject({
    hs_order_name: 'Order A-1',
    hs_total_price: '119.00',
    hs_currency_code: 'EUR',
    hs_tax: '19.00',
    hs_discount_codes: 'SPRING',
    shop_refunded: '0.00',
  })
})

test('every stage that core knows has its stage in the pipeline', async () => {
  const { fake } = await openPortal()
  const commerce = fake.portal.pipelines('deals').find(({ label }) => label === 'Commerce')
  expect(commerce?.stages.map(({ label }) => label.toLowerCase())).toEqual([...orderStages])
})

test('product and company arrive with every default field', async () => {
  const portal = await openPortal()
  const product = productSchema.parse({
    entity: 'product',
    id: 'shirt',
    platformId: 'p1',
    createdAt: at,
    modifiedAt: at,
    published: true,
    name: { en: 'Shirt' },
    variants: [
      {
        id: '1',
        sku: 'S-1',
        prices: [{ value: eur('33.00') }, { value: { currency: 'USD', amount: '39.00' } }],
        images: ['https://img.example.com/1.jpg'],
        stock: 4,
      },
      { id: '2', sku: 'S-2', stock: 3 },
    ],
  })
  const company = companySchema.parse({
    entity: 'company',
    id: 'b1',
    createdAt: at,
    modifiedAt: at,
    name: 'Acme',
    vatId: 'ATU1',
    stores: ['at', 'de'],
  })
  const map = mapping(portal)
  await portal.deliver(input('product', 'pr1', map.map('product', recordView(product, { ...context, key: 'pr1' }), 0).fields))
  await portal.deliver(input('company', 'co1', map.map('company', recordView(company, { ...context, key: 'co1' }), 0).fields))
  expect(portal.fake.portal.all('products')[0]?.properties).toMatchObject({
    name: 'Shirt',
    hs_sku: 'S-1',
    price: '33.00',
    hs_images: 'https://img.example.com/1.jpg',
    shop_price_eur: '33.00',
    shop_price_usd: '39.00',
    shop_price_currency: 'EUR',
    shop_stock: '7',
    shop_skus: 'S-1, S-2',
    shop_published: 'true',
  })
  expect(portal.fake.portal.all('companies')[0]?.properties).toMatchObject({
    name: 'Acme',
    shop_vat_id: 'ATU1',
    shop_stores: 'at; de',
    shop_company_id: 'b1',
  })
})
