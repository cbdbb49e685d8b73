import { expect, test } from 'vitest'
import type { HttpReply } from '@millrace/adapter-kit'
import { callError, recordError, scopesOf, takenBy } from './errors.ts'

const reply = (status: number, body: unknown, headers: Record<string, string> = {}): HttpReply => ({
  status,
  headers,
  body,
  contentType: 'application/json',
  durationMs: 1,
  correlationId: 'c-1',
})

test('errors[] is read before the list inside the message', () => {
  const error = recordError(
    {
      message: 'Property values were not valid: [{"error":"INVALID_DATE","name":"other"}]',
      errors: [{ code: 'INVALID_OPTION', context: { propertyName: ['shop_tier'] } }],
    },
    {},
  )
  expect(error).toMatchObject({ code: 'option_unknown', field: 'shop_tier', scope: 'record', retryable: false })
})

test('without errors[] the list is found inside the message', () => {
  const message = 'Property values were not valid: [{"isValid":false,"message":"bad","error":"INVALID_LONG","name":"shop_count"}]'
  expect(recordError({ message, category: 'VALIDATION_ERROR' }, {})).toMatchObject({ code: 'value_rejected', field: 'shop_count' })
})

test('a message that was cut short still makes an error of the record', () => {
  expect(recordError({ message: 'Property values were not valid: [{"isValid":false' }, {})).toMatchObject({
    code: 'rejected_by_vendor',
    scope: 'record',
  })
})

test('a missing property stops the destination, because it concerns every record', () => {
  const body = { errors: [{ code: 'PROPERTY_DOESNT_EXIST', context: { propertyName: ['shop_new'] } }] }
  expect(recordError(body, {})).toMatchObject({ code: 'property_missing', scope: 'destination', field: 'shop_new' })
})

test('what HubSpot echoes of the record is masked', () => {
  const body = { message: 'Email address Jane.Doe@example.con is invalid; lives in Elm Street 7', category: 'VALIDATION_ERROR' }
  const error = recordError(body, { email: 'Jane.Doe@example.con', address: 'Elm Street 7' })
  expect(JSON.stringify(error)).not.toMatch(/jane|elm/i)
})

test.each([
  ['the text of a 409', { category: 'CONFLICT', message: 'Contact already exists. Existing ID: 51' }, { ids: ['51'], property: 'email' }],
  ['existingId as a list', { category: 'CONFLICT', context: { existingId: ['51', '52'] } }, { ids: ['51', '52'], property: 'email' }],
  ['existingId as a text', { category: 'CONFLICT', context: { existingId: '51' } }, { ids: ['51'], property: 'email' }],
  [
    'a unique value that is taken',
    { message: 'Cannot set PropertyValueCoordinates{portalId=1, propertyName=hs_sku, value=A-1} on 7. 9 already has that value.' },
    { ids: ['9'], property: 'hs_sku' },
  ],
  [
    'an address that is an additional one elsewhere',
    { message: 'Email a@b.de already belongs to another contact as an additional email.' },
    { ids: [], property: 'email' },
  ],
  ['a conflict without any id', { category: 'CONFLICT', message: 'Conflict' }, { ids: [], property: undefined }],
])('%s is a conflict', (_what, body, taken) => {
  expect(takenBy(body)).toEqual(taken)
})

test('a plain validation error is no conflict', () => {
  expect(takenBy({ category: 'VALIDATION_ERROR', message: 'Property values were not valid: []' })).toBeUndefined()
})

test.each([
  [
    'in the message',
    { errors: [{ message: 'One or more of the following scopes are required: crm.objects.deals.write, e-commerce.' }] },
    ['crm.objects.deals.write'],
  ],
  [
    'in the context',
    { errors: [{ message: 'no', context: { requiredGranularScopes: ['crm.objects.line_items.write', 'e-commerce'] } }] },
    ['crm.objects.line_items.write', 'e-commerce'],
  ],
])('missing scopes are named: %s', (_where, body, scopes) => {
  expect(scopesOf(body)).toEqual(scopes)
  const error = callError(reply(403, body), 'batch upsert of deals', 0)
  expect(error).toMatchObject({ code: 'scope_missing', scope: 'destination', retryable: false })
  for (const scope of scopes) expect(error.message).toContain(scope)
})

test.each([
  [401, 'credentials_rejected', false],
  [403, 'scope_missing', false],
  [423, 'vendor_unavailable', true],
  [477, 'vendor_unavailable', true],
  [500, 'vendor_unavailable', true],
  [502, 'vendor_unavailable', true],
  [521, 'vendor_unavailable', true],
  [524, 'vendor_unavailable', true],
])('status %i is %s', (status, code, retryable) => {
  expect(callError(reply(status, '<html></html>'), 'a call', 0)).toMatchObject({ code, retryable })
})

test('a locked object is left alone for two seconds, a moving account as long as it asks', () => {
  expect(callError(reply(423, {}), 'a call', 0).retryAfterMs).toBe(2_000)
  expect(callError(reply(477, {}, { 'retry-after': '30' }), 'a call', 0).retryAfterMs).toBe(30_000)
})
