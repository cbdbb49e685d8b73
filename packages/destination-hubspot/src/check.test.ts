import { exists, holds } from '@millrace/core'
import { afterEach, expect, test } from 'vitest'
import { closePortals, openPortal, type TestPortal } from './test-support/portal.ts'

afterEach(closePortals)

const check = async ({ destination, ctx }: TestPortal) => (await destination.check?.(ctx, 'full')) ?? []

/** What the default contract needs: no HubSpot orders, carts, lists, events or consent. */
const needed = ['contacts', 'companies', 'products', 'deals', 'line_items']
  .flatMap((type) => ['objects', 'schemas'].flatMap((kind) => [`crm.${kind}.${type}.read`, `crm.${kind}.${type}.write`]))
  .concat('oauth', 'settings.currencies.read')

test('a portal that is ready says which one it is, and that nothing is missing', async () => {
  const portal = await openPortal({ fake: { portalId: 42, timeZone: 'Europe/Vienna' } })
  portal.fake.credentials.grant(needed)
  const findings = await check(portal)
  expect(findings.map(({ level, code }) => [level, code])).toEqual([
    ['ok', 'portal_reached'],
    ['ok', 'scopes_granted'],
    ['ok', 'schema_ready'],
  ])
  expect(findings[0]?.message).toMatch(/portal 42.*Europe\/Vienna.*EUR, USD, JPY, KWD/)
})

test('checking changes nothing', async () => {
  const portal = await openPortal({ provision: false })
  await check(portal)
  const writes = portal.fake.requests.filter((request) => request.method !== 'GET')
  const asked = writes.filter(({ path }) => !path.endsWith('/access-token-info'))
  expect(asked.every((request) => request.path.endsWith('/batch/update') && request.body === '{"inputs":[]}')).toBe(true)
  expect(portal.fake.portal.count('contacts')).toBe(0)
})

test('a portal that is not provisioned names what is missing and the command', async () => {
  const findings = await check(await openPortal({ provision: false }))
  expect(findings.find((finding) => finding.code === 'provisioning_needed')).toMatchObject({
    level: 'error',
    setting: 'connections.hubspot.contract',
    cure: expect.stringContaining('millrace apply'),
  })
})

test('a wrong token is one clear error', async () => {
  const findings = await check(await openPortal({ provision: false, settings: { accessToken: 'pat-wrong-token' } }))
  expect(findings).toMatchObject([
    { level: 'error', code: 'credentials_rejected', setting: 'connections.hubspot.accessToken', cure: expect.any(String) },
  ])
  expect(JSON.stringify(findings)).not.toContain('pat-wrong')
})

test('every missing scope is named at once', async () => {
  const portal = await openPortal()
  portal.fake.credentials.revoke('crm.objects.deals.write', 'crm.objects.line_items.write', 'crm.objects.contacts.read', 'e-commerce')
  const findings = await check(portal)
  const missing = findings.filter((finding) => finding.code === 'scope_missing').map((finding) => finding.message)
  for (const scope of ['crm.objects.deals.write', 'crm.objects.line_items.write', 'crm.objects.contacts.read']) {
    expect(missing.some((message) => message.includes(scope))).toBe(true)
  }
})

test('scopes that the contract has no use for are named, and no others', async () => {
  const portal = await openPortal()
  portal.fake.credentials.grant([
    ...needed,
    'crm.lists.write',
    'crm.objects.orders.read',
    'tickets',
    'communication_preferences.read_write',
  ])
  const needless = (await check(portal)).filter(({ code }) => code === 'scope_needless')
  expect(needless).toMatchObject([{ level: 'warning', setting: 'connections.hubspot.accessToken' }])
  expect(needless[0]?.message).toMatch(/: communication_preferences.read_write, crm.lists.write, crm.objects.orders.read, tickets\.$/)
})

test('scopes that topics, lists and carts need are not needless; a token that is told nothing about itself is passed over', async () => {
  const contract = {
    consent: { topics: { news: { channel: 'email', target: '1' } } },
    memberships: [{ kind: 'list', name: 'buyers', value: holds(exists('signals.firstOrderAt')) }],
  } as const
  const portal = await openPortal({ contract, settings: { carts: true }, provision: false })
  const carts = ['crm.objects.carts.read', 'crm.objects.carts.write', 'crm.schemas.carts.write']
  portal.fake.credentials.grant([...needed, ...carts, 'crm.lists.read', 'crm.lists.write', 'communication_preferences.read_write'])
  expect((await check(portal)).filter(({ code }) => code === 'scope_needless')).toEqual([])
  portal.fake.credentials.grant([...portal.fake.credentials.scopes, 'tickets'])
  portal.fake.faults.schedule({
    fault: { kind: 'reply', reply: { status: 404, body: { status: 'error', message: 'no' } } },
    where: ({ path }) => path.endsWith('/access-token-info'),
  })
  expect((await check(portal)).filter(({ code }) => code === 'scope_needless')).toEqual([])
})

test('a token that may not read the account is a warning, and deliveries go on', async () => {
  const portal = await openPortal({ fake: { scopes: [] }, provision: false })
  portal.fake.credentials.grant(['crm.objects.contacts.read', 'crm.objects.contacts.write', 'crm.schemas.contacts.write'])
  const findings = await check(portal)
  expect(findings[0]).toMatchObject({ level: 'warning', code: 'account_unknown', cure: expect.stringContaining('oauth') })
})

test('currencies of the contract that the portal does not have are named', async () => {
  const findings = await check(await openPortal({ contract: { currencies: ['EUR', 'CHF'] } }))
  expect(findings.find((finding) => finding.code === 'currency_not_enabled')).toMatchObject({
    level: 'warning',
    message: expect.stringContaining('CHF'),
  })
})

test('drift is an error that says what is and what should be', async () => {
  const portal = await openPortal({ provision: false })
  portal.fake.portal.defineProperty('contacts', { name: 'shop_order_count', type: 'string', fieldType: 'text' })
  const drift = (await check(portal)).find((finding) => finding.code === 'schema_drift')
  expect(drift).toMatchObject({ level: 'error', message: expect.stringMatching(/shop_order_count.*type: is "string", should be "number"/) })
})

test('the quick check before a pass only reads', async () => {
  const portal = await openPortal()
  portal.fake.credentials.revoke('crm.objects.deals.write')
  const findings = await portal.destination.check?.(portal.ctx, 'quick')
  expect(findings?.map(({ level, code }) => [level, code])).toEqual([
    ['ok', 'portal_reached'],
    ['ok', 'schema_ready'],
  ])
  expect(portal.fake.requests.every((request) => request.method === 'GET')).toBe(true)
})
