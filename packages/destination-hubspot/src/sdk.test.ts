import { expect, test } from 'vitest'
import { sdk, sdkRequest } from './sdk.ts'
import { apiVersion } from './version.ts'

test('the SDK writes path and body of a batch upsert, and the path is dated', async () => {
  const row = { idProperty: 'shop_customer_key', id: 'k1', properties: { email: 'a@example.com', phone: '' }, objectWriteTraceId: 't1' }
  const request = await sdkRequest(sdk.batch.upsert('contacts', { inputs: [row] }))
  expect(request).toMatchObject({ method: 'POST', path: `/crm/objects/${apiVersion}/contacts/batch/upsert`, query: {} })
  expect(JSON.parse(request.body ?? '')).toEqual({ inputs: [row] })
})

test('values survive serialisation unchanged: unicode, quotes, semicolons, long digits', async () => {
  const properties = { a: 'Ωμέγα "x"; <b>', b: '0.10000000000000000001', c: '\u2028' }
  const request = await sdkRequest(sdk.batch.update('deals', { inputs: [{ id: '1', properties }] }))
  expect(JSON.parse(request.body ?? '').inputs[0].properties).toEqual(properties)
})

test('ids in a path are escaped by the SDK', async () => {
  const request = await sdkRequest(sdk.properties.getByName('contacts', 'a/b'))
  expect(request.path).toBe(`/crm/properties/${apiVersion}/contacts/a%2Fb`)
})

test('reads have no body, and their parameters are in the query', async () => {
  const request = await sdkRequest(sdk.objects.getPage('orders', 100, '17', ['a', 'b']))
  expect(request).toMatchObject({ method: 'GET', body: undefined, query: { limit: '100', after: '17', properties: 'a,b' } })
})

test.each([
  [
    'associations',
    () => sdk.associations.createDefault('deals', 'contacts', { inputs: [{ _from: { id: '1' }, to: { id: '2' } }] }),
    'POST',
    'associations',
  ],
  ['pipelines', () => sdk.pipelines.getAll('deals'), 'GET', 'pipelines'],
  ['stages', () => sdk.stages.create('deals', '7', { label: 'Paid', displayOrder: 1, metadata: {} }), 'POST', 'pipelines'],
  ['property groups', () => sdk.propertyGroups.getAll('contacts'), 'GET', 'properties'],
] as const)('requests of %s come out dated', async (_area, make, method, area) => {
  const request = await sdkRequest(make())
  expect(request.method).toBe(method)
  expect(request.path.startsWith(`/crm/${area}/${apiVersion}/`)).toBe(true)
})

test('an association names its ends as the vendor does, not as the SDK does', async () => {
  const request = await sdkRequest(
    sdk.associations.createDefault('deals', 'contacts', { inputs: [{ _from: { id: '1' }, to: { id: '2' } }] }),
  )
  expect(JSON.parse(request.body ?? '')).toEqual({ inputs: [{ from: { id: '1' }, to: { id: '2' } }] })
})
