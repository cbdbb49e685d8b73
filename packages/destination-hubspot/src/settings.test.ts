import { isMillraceError, resolveContract } from '@millrace/core'
import { expect, test } from 'vitest'
import { hubspot } from './hubspot.ts'
import type { HubSpotSettings } from './settings.ts'

test.each([
  ['an empty token', { accessToken: ' ' }, 'accessToken'],
  ['no address', { accessToken: 't', baseUrl: 'hubspot' }, 'baseUrl'],
  ['an address that would send the token readable', { accessToken: 't', baseUrl: 'http://api.example.com' }, 'baseUrl'],
  ['a timeout of nothing', { accessToken: 't', timeoutMs: 0 }, 'timeoutMs'],
])('%s is refused when the config loads, naming the setting', (_what, settings, field) => {
  expect(() => hubspot(settings)).toThrow(expect.objectContaining({ code: 'setting_invalid', field }))
})

test('a word that is no choice is refused with the choices', () => {
  const settings = JSON.parse('{ "accessToken": "t", "orders": "tickets" }') as HubSpotSettings
  expect(() => hubspot(settings)).toThrow(/orders.*'deals', 'orders'/)
})

test.each(['deals', 'orders'] as const)('the default contract is valid with %s', (orders) => {
  const destination = hubspot({ accessToken: 't', orders })
  const contract = resolveContract(destination, { currencies: ['EUR', 'JPY'] }, 'test')
  expect(Object.keys(contract.objects)).toEqual(['contact', 'subscription', 'company', 'product', orders === 'deals' ? 'deal' : 'order'])
  expect(contract.objects['contact']?.fields).toHaveProperty('shop_total_jpy')
})

test('the amount of a deal is what is left after refunds, gross or net by setting', () => {
  const amount = (dealAmount: 'gross' | 'net') =>
    hubspot({ accessToken: 't', dealAmount }).defaultContract.objects['deal']?.fields['amount']?.value
  expect(amount('gross')).toMatchObject({ op: 'coalesce', of: [{ path: 'amountDue' }, { path: 'gross' }] })
  expect(amount('net')).toMatchObject({ op: 'coalesce', of: [{ path: 'netDue' }, { path: 'net' }] })
})

test('nothing that belongs to HubSpot is written by default', () => {
  const { objects } = hubspot({ accessToken: 't' }).defaultContract
  const names = Object.values(objects).flatMap(({ fields }) => Object.keys(fields))
  for (const name of ['lifecyclestage', 'hs_lead_status', 'hubspot_owner_id', 'hs_legal_basis', 'hs_email_optout'])
    expect(names).not.toContain(name)
})

test('making a destination touches nothing: no request, no timer', async () => {
  const destination = hubspot({ accessToken: () => Promise.reject(new Error('must not be called')) })
  expect(destination.specificationVersion).toBe('v1')
  expect(destination.usage?.()).toEqual({ requests: 0, rateLimited: 0, retries: 0 })
  await destination.close?.()
  await destination.close?.()
})

test('errors of settings are recognised by their marker', () => {
  try {
    hubspot({ accessToken: '' })
    expect.unreachable()
  } catch (error) {
    expect(isMillraceError(error)).toBe(true)
  }
})
