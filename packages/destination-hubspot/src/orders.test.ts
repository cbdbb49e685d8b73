import type { Input } from '@millrace/core'
import { afterEach, expect, test } from 'vitest'
import { closePortals, input, known, openPortal, person, type TestPortal } from './test-support/portal.ts'

afterEach(closePortals)

const line = (key: string, fields: Input['fields'] = {}, links: Input['children'][number]['links'] = []): Input['children'][number] => ({
  object: 'line_item',
  key,
  fields: { name: `Line ${key}`, price: '10.50', quantity: 2, hs_line_item_currency_code: 'EUR', ...fields },
  links,
  changed: true,
})

const order = (key: string, fields: Input['fields'] = {}, more: Partial<Input> = {}): Input =>
  input(
    'deal',
    key,
    {
      dealname: `Order ${key}`,
      amount: '63.00',
      deal_currency_code: 'EUR',
      pipeline: 'commerce',
      dealstage: 'placed',
      closedate: null,
      shop_gross: '63.00',
      ...fields,
    },
    { children: ['1', '2', '3'].map((id) => line(`${key}:${id}`)), ...more },
  )

const buyer = async ({ deliver }: TestPortal, key = 'k1') => {
  const outcome = (await deliver(person(key))).get(`contact:${key}`)
  return { object: 'contact', key, remoteId: outcome?.remoteId ?? '' }
}

const stageLabel = ({ fake }: TestPortal, dealId: string): string | undefined => {
  const deal = fake.portal.get('deals', dealId)
  const pipeline = fake.portal.pipelines('deals').find((one) => one.id === deal?.properties['pipeline'])
  const stage = pipeline?.stages.find((one) => one.id === deal?.properties['dealstage'])
  return pipeline === undefined ? undefined : `${pipeline.label}/${stage?.label}`
}

test('an order becomes a deal with its lines, linked to its buyer', async () => {
  const portal = await openPortal()
  const contact = await buyer(portal)
  const outcome = (
    await portal.deliver(order('o1', { dealstage: 'paid', closedate: '2026-03-01T10:00:00.000Z' }, { parents: [contact] }))
  ).get('deal:o1')
  const dealId = outcome?.remoteId ?? ''
  expect(outcome).toMatchObject({ result: 'delivered', created: true })
  expect(Object.keys(outcome?.objects ?? {}).toSorted()).toEqual(['o1:1', 'o1:2', 'o1:3'])
  expect(stageLabel(portal, dealId)).toBe('Commerce/Paid')
  expect(portal.fake.portal.get('deals', dealId)?.properties).toMatchObject({
    amount: '63.00',
    deal_currency_code: 'EUR',
    closedate: '2026-03-01T10:00:00Z',
  })
  expect(portal.fake.portal.associated('deals', dealId, 'contacts')).toEqual([contact.remoteId])
  expect(portal.fake.portal.associated('deals', dealId, 'line_items').toSorted()).toEqual(
    Object.values(outcome?.objects ?? {}).toSorted((a, b) => a.localeCompare(b)),
  )
})

test('an order of a quote goes to the sales-assisted pipeline', async () => {
  const portal = await openPortal()
  const outcome = (await portal.deliver(order('o1', { pipeline: 'sales-assisted', dealstage: 'fulfilled' }))).get('deal:o1')
  expect(stageLabel(portal, outcome?.remoteId ?? '')).toBe('Sales-assisted commerce/Fulfilled')
})

test('1,000 orders of three lines take 10 + 30 requests, and two plus one for their links', async () => {
  const portal = await openPortal()
  const contact = await buyer(portal)
  await portal.deliver(order('warm-up'))
  portal.fake.resetRequests()
  const inputs = Array.from({ length: 1_000 }, (_, index) => order(`o${index}`, {}, { parents: [contact] }))
  const outcomes = await portal.deliver(...inputs)
  expect([...outcomes.values()].every((outcome) => outcome.result === 'delivered')).toBe(true)
  const counts = Map.groupBy(portal.calls(), (call) => call)
  expect(Object.fromEntries([...counts].map(([call, all]) => [call, all.length]))).toEqual({
    'POST deals/batch/upsert': 10,
    'POST line_items/batch/upsert': 30,
    'POST associations line_items/deals/batch/associate/default': 2,
    'POST associations deals/contacts/batch/associate/default': 1,
  })
  expect(portal.fake.portal.countAssociations('deals', 'line_items')).toBe(3_003)
})

test('an order of which only the stage changed takes one request', async () => {
  const portal = await openPortal()
  const contact = await buyer(portal)
  const first = order('o1', {}, { parents: [contact] })
  const outcome = (await portal.deliver(first)).get(first.unit)
  portal.fake.resetRequests()
  const after = (await portal.deliver(known(first, outcome, { dealstage: 'paid', closedate: '2026-03-01T10:00:00.000Z' }))).get(first.unit)
  expect(portal.calls()).toEqual(['POST deals/batch/upsert'])
  expect(after).toMatchObject({ result: 'delivered', created: false, objects: outcome?.objects, remoteId: outcome?.remoteId })
  expect(stageLabel(portal, outcome?.remoteId ?? '')).toBe('Commerce/Paid')
})

test('lines that were removed from an order disappear, new ones appear, the others are left alone', async () => {
  const portal = await openPortal()
  const first = order('o1')
  const outcome = (await portal.deliver(first)).get(first.unit)
  portal.fake.resetRequests()
  const next = known(first, outcome, {})
  const [kept, , dropped] = next.children
  const after = (await portal.deliver({ ...next, children: [...(kept === undefined ? [] : [kept]), line('o1:4')], changedFields: [] })).get(
    first.unit,
  )
  expect(dropped?.key).toBe('o1:3')
  expect(Object.keys(after?.objects ?? {}).toSorted()).toEqual(['o1:1', 'o1:4'])
  expect(
    portal.fake.portal
      .all('line_items')
      .map(({ properties }) => properties['shop_line_key'])
      .toSorted(),
  ).toEqual(['o1:1', 'o1:4'])
  expect(portal.fake.portal.associated('deals', outcome?.remoteId ?? '', 'line_items')).toHaveLength(2)
  expect(portal.calls().toSorted()).toEqual([
    'POST associations line_items/deals/batch/associate/default',
    'POST line_items/batch/archive',
    'POST line_items/batch/upsert',
  ])
})

test('a line refers to its product', async () => {
  const { fake, deliver } = await openPortal()
  const product = (await deliver(input('product', 'pr1', { name: 'Shirt', hs_sku: 'S-1' }))).get('product:pr1')
  await deliver(order('o1', {}, { children: [line('o1:1', {}, [{ object: 'product', key: 'pr1', remoteId: product?.remoteId ?? '' }])] }))
  expect(fake.portal.all('line_items')[0]?.properties).toMatchObject({ hs_product_id: product?.remoteId, price: '10.50', quantity: '2' })
})

test('an order of 500 lines arrives whole', async () => {
  const { fake, deliver } = await openPortal()
  const children = Array.from({ length: 500 }, (_, index) => line(`o1:${index}`))
  const outcome = (await deliver(order('o1', {}, { children }))).get('deal:o1')
  expect(outcome).toMatchObject({ result: 'delivered' })
  expect(fake.portal.associated('deals', outcome?.remoteId ?? '', 'line_items')).toHaveLength(500)
})

test('a deal in a currency that the portal does not have fails alone, with the cure, before anything of it is sent', async () => {
  const { fake, deliver } = await openPortal()
  const outcomes = await deliver(order('o1', { deal_currency_code: 'CHF' }), order('o2', { deal_currency_code: 'KWD', amount: '1.234' }))
  const failed = outcomes.get('deal:o1')
  expect(failed).toMatchObject({
    result: 'failed',
    error: { code: 'currency_not_enabled', scope: 'record', retryable: false, field: 'deal_currency_code' },
  })
  expect(failed?.result === 'failed' && failed.error.message).toContain('Settings > Account Defaults > Currency')
  expect(outcomes.get('deal:o2')).toMatchObject({ result: 'delivered' })
  expect(fake.portal.all('deals').map(({ properties }) => properties['amount'])).toEqual(['1.234'])
  expect(fake.portal.count('line_items')).toBe(3)
})

test.each([
  ['a negative price', { price: '-1.00' }, 'line_negative', 'price'],
  ['a negative quantity', { quantity: -1 }, 'line_negative', 'quantity'],
  ['a price that is no number', { price: 'free' }, 'value_invalid', 'price'],
  ['a name that is too long', { name: 'x'.repeat(65_537) }, 'value_too_long', 'name'],
])('a line with %s fails its order before anything of it is sent', async (_what, fields, code, field) => {
  const { fake, deliver } = await openPortal()
  const outcomes = await deliver(order('o1', {}, { children: [line('o1:1'), line('o1:2', fields)] }), order('o2'))
  expect(outcomes.get('deal:o1')).toMatchObject({ result: 'failed', error: { code, field } })
  expect(outcomes.get('deal:o2')).toMatchObject({ result: 'delivered' })
  expect(fake.portal.count('deals')).toBe(1)
})

test('a line that HubSpot refuses leaves its order failed with every line that exists, and the next attempt resumes there', async () => {
  const portal = await openPortal()
  const contact = await buyer(portal)
  const broken = order('o1', {}, { parents: [contact], children: [line('o1:1'), line('o1:2')] })
  portal.fake.faults.next(
    {
      kind: 'rewrite',
      rewrite: () => ({
        status: 207,
        body: {
          status: 'COMPLETE',
          results: [{ id: portal.fake.portal.all('line_items')[0]?.id, new: true, objectWriteTraceId: 'row-1', properties: {} }],
          errors: [{ category: 'VALIDATION_ERROR', message: 'no', context: { objectWriteTraceId: ['row-2'] } }],
          numErrors: 1,
        },
      }),
    },
    { path: 'line_items/batch/upsert' },
  )
  const failed = (await portal.deliver(broken)).get(broken.unit)
  expect(failed).toMatchObject({ result: 'failed', error: { code: 'rejected_by_vendor', scope: 'record' } })
  expect(Object.keys(failed?.objects ?? {})).toEqual(['o1:1'])
  const again = (
    await portal.deliver({
      ...broken,
      ...(failed?.remoteId === undefined ? {} : { remoteId: failed.remoteId, remoteKey: 'o1' }),
      objects: failed?.objects ?? {},
      progress: failed?.progress,
    })
  ).get(broken.unit)
  expect(again).toMatchObject({ result: 'delivered' })
  expect(portal.fake.portal.count('line_items')).toBe(2)
  expect(portal.fake.portal.associated('deals', again?.remoteId ?? '', 'line_items')).toHaveLength(2)
  expect(portal.fake.portal.associated('deals', again?.remoteId ?? '', 'contacts')).toEqual([contact.remoteId])
})

test('when linking fails after the records are there, only the linking is repeated', async () => {
  const portal = await openPortal()
  const contact = await buyer(portal)
  const first = order('o1', {}, { parents: [contact] })
  portal.fake.faults.schedule({
    fault: { kind: 'reply', reply: { status: 500, body: { status: 'error', message: 'oops' } } },
    path: 'associate/default',
    times: 2,
  })
  const failed = (await portal.deliver(first)).get(first.unit)
  expect(failed).toMatchObject({
    result: 'failed',
    error: { retryable: true },
    progress: { unlinked: expect.toSatisfy((keys: string[]) => keys.length === 3) },
  })
  portal.fake.faults.clear()
  portal.fake.resetRequests()
  const after = (await portal.deliver({ ...known(first, failed, {}, []), parentsChanged: true })).get(first.unit)
  expect(after).toMatchObject({ result: 'delivered' })
  expect(portal.fake.portal.associated('deals', after?.remoteId ?? '', 'contacts')).toEqual([contact.remoteId])
  expect(portal.calls().filter((call) => call.endsWith('batch/upsert'))).toEqual([])
  expect(portal.fake.portal.associated('deals', after?.remoteId ?? '', 'line_items')).toHaveLength(3)
})

test('a buyer who is gone at HubSpot fails the link of that order alone and names it', async () => {
  const portal = await openPortal()
  const contact = await buyer(portal)
  const outcomes = await portal.deliver(
    order('o1', {}, { parents: [contact] }),
    order('o2', {}, { parents: [{ object: 'contact', key: 'gone', remoteId: '999' }] }),
  )
  expect(outcomes.get('deal:o1')).toMatchObject({ result: 'delivered' })
  expect(outcomes.get('deal:o2')).toMatchObject({ result: 'failed', error: { code: 'association_refused', scope: 'record' } })
})

test('an answer that does not confirm a link is not taken for one', async () => {
  const portal = await openPortal()
  const contact = await buyer(portal)
  portal.fake.faults.next(
    { kind: 'rewrite', rewrite: (reply) => ({ ...reply, body: { status: 'COMPLETE', results: [] } }) },
    { path: 'deals/contacts/batch/associate' },
  )
  const outcome = (await portal.deliver(order('o1', {}, { parents: [contact] }))).get('deal:o1')
  expect(outcome).toMatchObject({ result: 'failed', error: { code: 'association_unconfirmed', retryable: true } })
})

test('an order whose buyer changed belongs to the new one only', async () => {
  const portal = await openPortal()
  const [guest, account] = [await buyer(portal, 'guest'), await buyer(portal, 'account')]
  const first = order('o1', {}, { parents: [guest] })
  const outcome = (await portal.deliver(first)).get(first.unit)
  const after = (await portal.deliver({ ...known(first, outcome, {}, []), parents: [account], parentsChanged: true })).get(first.unit)
  expect(portal.fake.portal.associated('deals', outcome?.remoteId ?? '', 'contacts')).toEqual([account.remoteId])
  expect(after).toMatchObject({ result: 'delivered' })
})

test('a deal that was deleted in HubSpot is made again with lines and links', async () => {
  const portal = await openPortal()
  const contact = await buyer(portal)
  const first = order('o1', {}, { parents: [contact] })
  const outcome = (await portal.deliver(first)).get(first.unit)
  portal.fake.portal.archive('deals', outcome?.remoteId ?? '')
  const after = (await portal.deliver(known(first, outcome, { shop_gross: '64.00' }))).get(first.unit)
  expect(after).toMatchObject({ result: 'delivered', created: true })
  expect(portal.fake.portal.get('deals', after?.remoteId ?? '')?.properties).toMatchObject({
    dealname: 'Order o1',
    amount: '63.00',
    shop_gross: '64.00',
  })
  expect(portal.fake.portal.associated('deals', after?.remoteId ?? '', 'line_items')).toHaveLength(3)
  expect(portal.fake.portal.associated('deals', after?.remoteId ?? '', 'contacts')).toEqual([contact.remoteId])
})

test('a line written by an attempt that nobody noted does not stay behind when it is no longer wanted', async () => {
  const portal = await openPortal()
  const first = order('o1')
  const outcome = (await portal.deliver(first)).get(first.unit)
  const fourth = { ...first, children: [...first.children, line('o1:4')] }
  await portal.deliver(fourth)
  const stranger = portal.fake.portal.create('line_items', { name: 'By hand', price: '1', quantity: '1' })
  portal.fake.portal.associate('line_items', stranger, 'deals', outcome?.remoteId ?? '')
  const after = (
    await portal.deliver({ ...known(first, outcome, {}), uncertain: true, changedFields: Object.keys(first.fields), parentsChanged: true })
  ).get(first.unit)
  expect(Object.keys(after?.objects ?? {}).toSorted()).toEqual(['o1:1', 'o1:2', 'o1:3'])
  const names = portal.fake.portal.all('line_items').map(({ properties }) => properties['name'])
  expect(names.toSorted()).toEqual(['By hand', 'Line o1:1', 'Line o1:2', 'Line o1:3'])
})

test('a reading of the lines that says nothing leaves the order open, so that a line nobody noted is found later', async () => {
  const portal = await openPortal()
  const first = order('o1')
  const outcome = (await portal.deliver(first)).get(first.unit)
  await portal.deliver({ ...first, children: [...first.children, line('o1:4')] })
  portal.fake.faults.next({ kind: 'reply', reply: { status: 200, body: {} } }, { path: 'deals/line_items/batch/read' })
  const again = { ...known(first, outcome, {}), uncertain: true, changedFields: Object.keys(first.fields) }
  expect((await portal.deliver(again)).get(first.unit)).toMatchObject({ result: 'failed', error: { retryable: true } })
  expect((await portal.deliver(again)).get(first.unit)).toMatchObject({ result: 'delivered' })
  expect(portal.fake.portal.count('line_items')).toBe(3)
})

test('a line of a request whose answer was lost is taken away when the order no longer has it', async () => {
  const portal = await openPortal()
  const first = order('o1')
  const outcome = (await portal.deliver(first)).get(first.unit)
  portal.fake.faults.schedule({ fault: { kind: 'reset', when: 'after' }, path: 'line_items/batch/upsert', times: 2 })
  const next = known(first, outcome, {}, [])
  const failed = (await portal.deliver({ ...next, children: [...next.children, line('o1:4')] })).get(first.unit)
  expect(failed).toMatchObject({ result: 'failed', error: { code: 'connection_lost' }, progress: { doubtful: ['o1:4'] } })
  expect(portal.fake.portal.count('line_items')).toBe(4)
  const after = (await portal.deliver({ ...next, progress: failed?.progress })).get(first.unit)
  expect(after).toMatchObject({ result: 'delivered' })
  expect(portal.fake.portal.count('line_items')).toBe(3)
})

test('an archived order takes its lines with it', async () => {
  const { fake, deliver } = await openPortal()
  const first = order('o1')
  const outcome = (await deliver(first)).get(first.unit)
  const gone = (await deliver({ ...known(first, outcome, {}), operation: 'archive', children: [] })).get(first.unit)
  expect(gone).toMatchObject({ result: 'delivered', objects: {} })
  expect([fake.portal.count('deals'), fake.portal.count('line_items')]).toEqual([0, 0])
})

test('a new order can be led through the stages that it surely went through', async () => {
  const portal = await openPortal({ settings: { stageHistory: 'each' } })
  const outcomes = await portal.deliver(
    order('o1', { dealstage: 'returned', closedate: '2026-03-01T10:00:00.000Z' }),
    order('o2', { dealstage: 'cancelled' }),
    order('o3'),
  )
  const labels = (key: string): string[] => {
    const stages = portal.fake.portal.pipelines('deals').flatMap((pipeline) => pipeline.stages)
    const history = portal.fake.portal.history('deals', outcomes.get(`deal:${key}`)?.remoteId ?? '', 'dealstage')
    return history.map((entry) => stages.find((stage) => 'value' in entry && stage.id === entry.value)?.label ?? '').toReversed()
  }
  expect(labels('o1')).toEqual(['Placed', 'Paid', 'Fulfilled', 'Returned'])
  expect(labels('o2')).toEqual(['Placed', 'Cancelled'])
  expect(labels('o3')).toEqual(['Placed'])
  expect(portal.calls().filter((call) => call === 'POST deals/batch/upsert')).toHaveLength(4)
})

test('an order that may be there already is never moved back to an earlier stage', async () => {
  const portal = await openPortal({ settings: { stageHistory: 'each' } })
  await portal.deliver(order('o1', { dealstage: 'fulfilled' }))
  const again = (await portal.deliver(order('o1', { dealstage: 'fulfilled' }, { uncertain: true }))).get('deal:o1')
  expect(portal.fake.portal.history('deals', again?.remoteId ?? '', 'dealstage')).toHaveLength(2)
})

test('orders can be kept as HubSpot orders', async () => {
  const portal = await openPortal({ settings: { orders: 'orders' } })
  const contact = await buyer(portal)
  const one = input(
    'order',
    'o1',
    {
      hs_order_name: 'Order o1',
      hs_total_price: '63.00',
      hs_currency_code: 'CHF',
      hs_pipeline: 'commerce',
      hs_pipeline_stage: 'paid',
      shop_gross: '63.00',
    },
    { parents: [contact], children: [line('o1:1')] },
  )
  const outcome = (await portal.deliver(one)).get(one.unit)
  const id = outcome?.remoteId ?? ''
  expect(outcome).toMatchObject({ result: 'delivered', created: true })
  const pipeline = portal.fake.portal.pipelines('orders').find(({ label }) => label === 'Commerce')
  expect(portal.fake.portal.get('orders', id)?.properties).toMatchObject({
    hs_total_price: '63.00',
    hs_pipeline: pipeline?.id,
    hs_pipeline_stage: pipeline?.stages.find(({ label }) => label === 'Paid')?.id,
  })
  expect(portal.fake.portal.associated('orders', id, 'contacts')).toEqual([contact.remoteId])
  expect(portal.fake.portal.associated('orders', id, 'line_items')).toHaveLength(1)
})
