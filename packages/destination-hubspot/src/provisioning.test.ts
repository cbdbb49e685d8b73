import { constant, mapValues, path, type ContractOverride, type PlanChange } from '@millrace/core'
import { afterEach, expect, test } from 'vitest'
import { hubspot } from './hubspot.ts'
import { closePortals, input, openPortal, person, type TestPortal } from './test-support/portal.ts'

afterEach(closePortals)

const plan = async ({ destination, ctx }: TestPortal): Promise<PlanChange[]> => (await destination.plan?.(ctx)) ?? []
const apply = async (portal: TestPortal, changes: PlanChange[]): Promise<void> => portal.destination.apply?.(changes, portal.ctx)

test('a plan writes nothing; applied, it leaves nothing to do', async () => {
  const portal = await openPortal({ provision: false })
  const changes = await plan(portal)
  expect(portal.fake.requests.every((request) => request.method === 'GET')).toBe(true)
  expect(changes.every((change) => change.action === 'create' && !change.destructive)).toBe(true)
  await apply(portal, changes)
  expect(await plan(portal)).toEqual([])
  portal.fake.resetRequests()
  await apply(portal, [])
  expect(portal.fake.requests).toEqual([])
})

test('provisioning costs one request per group and type, and one per pipeline', async () => {
  const portal = await openPortal({ provision: false })
  const changes = await plan(portal)
  portal.fake.resetRequests()
  await apply(portal, changes)
  expect(portal.calls().toSorted()).toEqual(
    [
      ...['contacts', 'companies', 'products', 'deals', 'line_items'].flatMap((type) => [
        `POST properties ${type}/groups`,
        `POST properties ${type}/batch/create`,
      ]),
      'POST pipelines deals',
      'POST pipelines deals',
    ].toSorted(),
  )
})

test('properties get readable labels, types, options and unique keys', async () => {
  const { fake } = await openPortal()
  const contacts = new Map(fake.portal.properties('contacts').map((property) => [property.name, property]))
  expect(contacts.get('shop_customer_key')).toMatchObject({
    hasUniqueValue: true,
    type: 'string',
    groupName: 'shop_commerce',
    label: 'Shop: Contact key (do not edit)',
  })
  expect(contacts.get('shop_first_order_at')).toMatchObject({
    type: 'datetime',
    fieldType: 'date',
    label: 'Shop: First order at',
    hasUniqueValue: false,
  })
  expect(contacts.get('shop_total_eur')).toMatchObject({ type: 'number', label: 'Shop: Total spent in EUR' })
  expect(contacts.get('shop_total_usd')).toBeDefined()
  expect(contacts.get('shop_historical')).toMatchObject({ type: 'bool', fieldType: 'booleancheckbox' })
  expect(contacts.get('shop_account_status')?.options.map((option) => [option.value, option.label])).toEqual([
    ['active', 'Active'],
    ['disabled', 'Disabled'],
    ['external', 'External'],
  ])
  expect(contacts.get('shop_last_skus')).toMatchObject({ fieldType: 'textarea' })
})

test('labels of an object are distinct, so that people can tell its properties apart', async () => {
  const { fake } = await openPortal()
  for (const type of ['contacts', 'companies', 'products', 'deals', 'line_items'] as const) {
    const labels = fake.portal.properties(type).flatMap((property) => (property.hubspotDefined ? [] : [property.label]))
    expect(new Set(labels).size).toBe(labels.length)
  }
})

test('both pipelines get the stages with won and lost', async () => {
  const { fake } = await openPortal()
  const pipelines = fake.portal.pipelines('deals').filter((pipeline) => pipeline.label !== 'Sales Pipeline')
  expect(pipelines.map((pipeline) => pipeline.label)).toEqual(['Commerce', 'Sales-assisted commerce'])
  for (const pipeline of pipelines) {
    expect(pipeline.stages.map(({ label, metadata }) => [label, metadata['probability'], metadata['isClosed']])).toEqual([
      ['Placed', '0.5', 'false'],
      ['Paid', '1.0', 'true'],
      ['Fulfilled', '1.0', 'true'],
      ['Returned', '1.0', 'true'],
      ['Refunded', '0.0', 'true'],
      ['Cancelled', '0.0', 'true'],
    ])
  }
})

test('a property of the wrong type, or a key that is not unique, is reported as drift and left alone', async () => {
  const portal = await openPortal({ provision: false })
  portal.fake.portal.defineProperty('contacts', { name: 'shop_order_count', type: 'string', fieldType: 'text' })
  portal.fake.portal.defineProperty('contacts', { name: 'shop_customer_key' })
  const drift = (await plan(portal)).filter((change) => change.action === 'drift')
  expect(drift).toMatchObject([
    { target: 'property contacts.shop_customer_key', differences: [{ path: 'hasUniqueValue', have: false, want: true }] },
    { target: 'property contacts.shop_order_count', differences: [{ path: 'type', have: 'string', want: 'number' }] },
  ])
  await apply(portal, await plan(portal))
  expect(await plan(portal)).toEqual(drift)
})

test('missing options are added, and those that people added stay, also ones made after the plan', async () => {
  const portal = await openPortal({ provision: false })
  const option = (value: string, displayOrder: number) => ({ label: value, value, displayOrder, hidden: false })
  const define = { name: 'shop_account_status', type: 'enumeration', fieldType: 'select', options: [option('vip', 0), option('active', 1)] }
  portal.fake.portal.defineProperty('contacts', define)
  const changes = await plan(portal)
  expect(changes.find((change) => change.action === 'update')).toMatchObject({
    target: 'property contacts.shop_account_status',
    differences: [{ path: 'options', have: ['vip', 'active'], want: ['vip', 'active', 'disabled', 'external'] }],
  })
  await fetch(`${portal.fake.url}/crm/properties/2026-03/contacts/shop_account_status`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${portal.fake.accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ options: [...define.options, option('late', 2)] }),
  })
  await apply(portal, changes)
  const property = portal.fake.portal.properties('contacts').find((one) => one.name === 'shop_account_status')
  expect(property?.options.map((one) => one.value)).toEqual(['vip', 'active', 'late', 'disabled', 'external'])
})

test('a stage that people took out comes back; one whose meaning they changed is reported', async () => {
  const portal = await openPortal()
  const [pipeline] = portal.fake.portal.pipelines('deals').filter((one) => one.label === 'Commerce')
  const stage = (label: string): string => pipeline?.stages.find((one) => one.label === label)?.id ?? ''
  const headers = { authorization: `Bearer ${portal.fake.accessToken}`, 'content-type': 'application/json' }
  const at = `${portal.fake.url}/crm/pipelines/2026-03/deals/${pipeline?.id}/stages`
  await fetch(`${at}/${stage('Returned')}`, { method: 'DELETE', headers })
  await fetch(`${at}/${stage('Cancelled')}`, { method: 'PATCH', headers, body: JSON.stringify({ metadata: { probability: '1.0' } }) })
  const changes = await plan(portal)
  expect(changes).toMatchObject([
    { action: 'create', target: 'pipeline deals/Commerce/Returned' },
    { action: 'drift', target: 'pipeline deals/Commerce/Cancelled', differences: [{ path: 'probability', have: '1.0', want: '0.0' }] },
  ])
  await apply(portal, changes)
  expect(await plan(portal)).toEqual(changes.slice(1))
})

test('what somebody else made between plan and apply is fine', async () => {
  const portal = await openPortal({ provision: false })
  const changes = await plan(portal)
  await apply(portal, changes)
  await apply(portal, changes)
  expect(await plan(portal)).toEqual([])
})

test('a name that HubSpot does not allow is reported before anything is made', async () => {
  const portal = await openPortal({
    provision: false,
    contract: { objects: { contact: { fields: { '{prefix}_Tier': { type: 'string', value: path('locale') } } } } },
  })
  expect((await plan(portal)).filter((change) => change.action === 'drift')).toMatchObject([
    { target: 'property contacts.shop_Tier', differences: [{ path: 'name', have: 'shop_Tier' }] },
  ])
})

test('a refused property is named, and what was made until then stays', async () => {
  const portal = await openPortal({ provision: false })
  for (let index = 0; index < 10; index += 1)
    portal.fake.portal.defineProperty('contacts', { name: `unique_${index}`, hasUniqueValue: true })
  await expect(apply(portal, await plan(portal))).rejects.toMatchObject({ code: 'provisioning_refused', scope: 'destination' })
  expect((await plan(portal)).filter((change) => change.target.startsWith('property group contacts'))).toEqual([])
})

test('another prefix means other properties, beside the first ones', async () => {
  const { fake } = await openPortal({ contract: { prefix: 'outlet' } })
  expect(fake.portal.properties('deals').some((property) => property.name === 'outlet_order_key' && property.hasUniqueValue)).toBe(true)
})

test('HubSpot orders get pipelines of their own, without won and lost', async () => {
  const portal = await openPortal({ settings: { orders: 'orders' } })
  expect(portal.fake.portal.pipelines('orders').map((pipeline) => pipeline.label)).toContain('Commerce')
  expect(portal.fake.portal.pipelines('deals').map((pipeline) => pipeline.label)).toEqual(['Sales Pipeline'])
  expect(await plan(portal)).toEqual([])
})

test('a contract with a pipeline of its own needs none of ours, by id or by label', async () => {
  const portal = await openPortal({
    provision: false,
    contract: {
      objects: {
        deal: {
          fields: {
            pipeline: { value: constant('Sales Pipeline') },
            dealstage: { value: mapValues(path('stage'), { placed: 'appointmentscheduled', paid: 'closedwon' }, 'Closed Lost') },
          },
        },
      },
    },
  })
  expect((await plan(portal)).filter((change) => change.target.startsWith('pipeline'))).toEqual([])
  await apply(portal, await plan(portal))
  const deal = (key: string, dealstage: string) => input('deal', key, { dealname: key, pipeline: 'Sales Pipeline', dealstage })
  await portal.deliver(deal('o1', 'closedwon'), deal('o2', 'Closed Lost'))
  expect(portal.fake.portal.all('deals').map(({ properties }) => [properties['pipeline'], properties['dealstage']])).toEqual([
    ['default', 'closedwon'],
    ['default', 'closedlost'],
  ])
})

test('what somebody mends in HubSpot is seen by the next delivery, without a restart', async () => {
  const portal = await openPortal({ provision: false })
  const one = person('k1')
  expect((await portal.deliver(one)).get(one.unit)).toMatchObject({ result: 'failed', error: { code: 'property_missing' } })
  const other = hubspot({ accessToken: portal.fake.accessToken, baseUrl: portal.fake.url })
  await other.apply?.((await other.plan?.(portal.ctx)) ?? [], portal.ctx)
  await other.close?.()
  expect((await portal.deliver(one)).get(one.unit)).toMatchObject({ result: 'delivered' })
})

test('plans its pipelines also beside variants and conditions that name others for some orders', async () => {
  const contract: ContractOverride = {
    variants: [
      { when: { stores: ['b2b'] }, objects: { deal: { fields: { pipeline: constant('Wholesale'), dealstage: constant('Placed') } } } },
    ],
  }
  const portal = await openPortal({ contract, provision: false })
  expect((await plan(portal)).map(({ target }) => target)).toContain('pipeline deals/Commerce')
})
