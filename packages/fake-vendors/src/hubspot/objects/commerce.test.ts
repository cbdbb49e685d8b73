import { expect, test } from 'vitest'

import { objects, raw, upserts, withFake } from '../raw.ts'
import type { FakeHubSpot } from '../server.ts'

async function create(fake: FakeHubSpot, type: string, properties: Record<string, string>): Promise<unknown> {
  const reply = await raw(fake, 'POST', objects(type), { properties })
  return reply.status === 201 ? 201 : (reply.errors[0]?.['code'] ?? reply.status)
}

test('deal-required: a deal needs a name and a stage', () =>
  withFake({}, async (fake) => {
    expect(await create(fake, 'deals', { dealname: 'D' })).toBe(400)
    expect(await create(fake, 'deals', { dealstage: 'closedwon' })).toBe(400)
    expect(await create(fake, 'deals', { dealname: 'D', dealstage: 'closedwon' })).toBe(201)
    expect(fake.portal.all('deals')[0]?.properties).toMatchObject({ pipeline: 'default' })
  }))

test('deal-not-hs-pipeline: deals do not know the names that orders use', () =>
  withFake({}, async (fake) => {
    expect(await create(fake, 'deals', { dealname: 'D', dealstage: 'closedwon', hs_pipeline: 'default' })).toBe('PROPERTY_DOESNT_EXIST')
    expect(await create(fake, 'orders', { hs_order_name: 'O', pipeline: 'default' })).toBe('PROPERTY_DOESNT_EXIST')
  }))

test('deal-currency-enabled: only the company currency and the enabled ones', () =>
  withFake({ companyCurrency: 'EUR', currencies: ['JPY'] }, async (fake) => {
    const deal = { dealname: 'D', dealstage: 'closedwon' }
    expect(await create(fake, 'deals', { ...deal, deal_currency_code: 'EUR' })).toBe(201)
    expect(await create(fake, 'deals', { ...deal, deal_currency_code: 'JPY' })).toBe(201)
    for (const deal_currency_code of ['USD', 'eur', 'XXX'])
      expect(await create(fake, 'deals', { ...deal, deal_currency_code })).toBe('INVALID_OPTION')
  }))

test('stage-of-its-pipeline: a stage must exist and belong to the pipeline of the record', () =>
  withFake({}, async (fake) => {
    const { body } = await raw(fake, 'POST', '/crm/pipelines/2026-03/deals', {
      label: 'Commerce',
      displayOrder: 1,
      stages: [{ label: 'Paid', displayOrder: 0, metadata: { probability: '1.0' } }],
    })
    const commerce = fake.portal.pipelines('deals').find(({ label }) => label === 'Commerce')
    expect(body).toMatchObject({ id: commerce?.id })
    const [pipeline = '', paid = ''] = [commerce?.id, commerce?.stages[0]?.id]
    expect(await create(fake, 'deals', { dealname: 'D', dealstage: 'no_such_stage' })).toBe('INVALID_OPTION')
    expect(await create(fake, 'deals', { dealname: 'D', dealstage: paid })).toBe('INVALID_OPTION')
    expect(await create(fake, 'deals', { dealname: 'D', dealstage: 'closedwon', pipeline })).toBe('INVALID_OPTION')
    expect(await create(fake, 'deals', { dealname: 'D', dealstage: paid, pipeline })).toBe(201)
    const id = fake.portal.all('deals')[0]?.id
    const patch = await raw(fake, 'PATCH', objects('deals', `/${id}`), { properties: { pipeline: 'default' } })
    expect([patch.status, fake.requests.at(-1)?.rule]).toEqual([400, 'stage-of-its-pipeline'])
    const order = fake.portal.pipelines('orders')[0]
    expect(await create(fake, 'orders', { hs_order_name: 'O', hs_pipeline_stage: 'closedwon' })).toBe('INVALID_OPTION')
    expect(await create(fake, 'orders', { hs_order_name: 'O' })).toBe(201)
    expect(fake.portal.all('orders')[0]?.properties).toMatchObject({ hs_pipeline: order?.id, hs_pipeline_stage: order?.stages[0]?.id })
  }))

test('order-name-required: an order needs its name', () =>
  withFake({}, async (fake) => {
    expect(await create(fake, 'orders', { hs_total_price: '10' })).toBe(400)
  }))

test('order-external-id-unique: two orders cannot share the external id, yet it does not admit to be unique', () =>
  withFake({}, async (fake) => {
    expect(await create(fake, 'orders', { hs_order_name: 'O1', hs_external_order_id: 'X1' })).toBe(201)
    const reply = await raw(fake, 'POST', objects('orders'), { properties: { hs_order_name: 'O2', hs_external_order_id: 'X1' } })
    expect([reply.status, reply.message]).toEqual([400, expect.stringContaining('already has that value')])
    expect((await raw(fake, 'GET', '/crm/properties/2026-03/orders/hs_external_order_id')).body).toMatchObject({ hasUniqueValue: false })
    expect(
      (await raw(fake, 'POST', objects('orders', '/batch/upsert'), upserts('hs_external_order_id', { X1: { hs_order_name: 'O1' } })))
        .status,
    ).toBe(400)
  }))

test('product-sku-unique: two products cannot share a SKU', () =>
  withFake({}, async (fake) => {
    expect(await create(fake, 'products', { name: 'Shoe', hs_sku: 'S1', price: '19.90' })).toBe(201)
    const reply = await raw(fake, 'POST', objects('products'), { properties: { name: 'Boot', hs_sku: 'S1' } })
    expect([reply.status, reply.message]).toEqual([400, expect.stringContaining('propertyName=hs_sku, value=S1')])
  }))

test('product-not-associated: products cannot be associated with anything', () =>
  withFake({}, async (fake) => {
    const product = fake.portal.create('products', { name: 'Shoe' })
    const deal = fake.portal.create('deals', { dealname: 'D', dealstage: 'closedwon' })
    const reply = await raw(fake, 'POST', '/crm/associations/2026-03/deals/products/batch/associate/default', {
      inputs: [{ from: { id: deal }, to: { id: product } }],
    })
    expect(reply.status).toBe(400)
  }))

test('line-item-price-not-negative: a refund or discount is no line', () =>
  withFake({}, async (fake) => {
    expect(await create(fake, 'line_items', { name: 'Voucher', price: '-5', quantity: '1' })).toBe('INVALID_LONG')
    expect(await create(fake, 'line_items', { name: 'Gift', price: '0', quantity: '1' })).toBe(201)
  }))

test('line-item-quantity-not-negative: a return is no line', () =>
  withFake({}, async (fake) => {
    expect(await create(fake, 'line_items', { name: 'Shoe', price: '5', quantity: '-1' })).toBe('INVALID_LONG')
  }))

test('line-item-amount-computed: the amount follows price, quantity and discount and cannot be set', () =>
  withFake({}, async (fake) => {
    expect(await create(fake, 'line_items', { name: 'Shoe', amount: '5' })).toBe('READ_ONLY_VALUE')
    await create(fake, 'line_items', { name: 'Shoe', price: '19.99', quantity: '3', discount: '0.97' })
    const [line] = fake.portal.all('line_items')
    expect((await raw(fake, 'GET', objects('line_items', `/${line?.id}?properties=amount`))).body).toMatchObject({
      properties: { amount: '59' },
    })
  }))

test('amounts are kept as they were sent, digits and all', () =>
  withFake({}, async (fake) => {
    await create(fake, 'deals', { dealname: 'D', dealstage: 'closedwon', amount: '1500.00' })
    expect(fake.portal.all('deals')[0]?.properties['amount']).toBe('1500.00')
    expect(await create(fake, 'deals', { dealname: 'D', dealstage: 'closedwon', amount: '1,500.00' })).toBe('INVALID_LONG')
  }))
