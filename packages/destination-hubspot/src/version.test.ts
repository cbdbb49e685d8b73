import { expect, test } from 'vitest'
import { apiVersion, datedPath } from './version.ts'

test.each([
  ['/crm/v3/objects/contacts/batch/upsert', `/crm/objects/${apiVersion}/contacts/batch/upsert`],
  ['/crm/v3/properties/deals/groups', `/crm/properties/${apiVersion}/deals/groups`],
  ['/crm/v3/pipelines/deals', `/crm/pipelines/${apiVersion}/deals`],
  ['/crm/v4/associations/deals/contacts/batch/associate/default', `/crm/associations/${apiVersion}/deals/contacts/batch/associate/default`],
])('the path %s of the SDK is sent as %s', (legacy, dated) => {
  expect(datedPath(legacy)).toBe(dated)
})

test('a path without a dated form is refused instead of being sent to an API that goes away', () => {
  expect(() => datedPath('/crm/v1/lists')).toThrow(TypeError)
  expect(() => datedPath('/crm/v3/objectsX')).toThrow(TypeError)
})
