import { defaultSchema } from '@millrace/fake-vendors/crm-one'
import { afterEach, expect, test } from 'vitest'
import type { CheckFinding, ErasureOutcome } from '@millrace/core'
import { signalAttributes } from './dialects/crm-one-contract.ts'
import { closeCrms, openCrm, people, person, ref, results, type TestCrm } from './test-support/crm.ts'

afterEach(closeCrms)

const check = async ({ destination, ctx }: TestCrm, depth: 'quick' | 'full' = 'full'): Promise<CheckFinding[]> =>
  (await destination.check?.(ctx, depth)) ?? []
const codes = (findings: readonly CheckFinding[]): string[] => findings.map(({ level, code }) => `${level} ${code}`)

test('a CRM as the contract needs it is ready, and asking changes nothing', async () => {
  const crm = await openCrm({ contract: { objects: { contact: { fields: signalAttributes } } } })
  expect(codes(await check(crm))).toEqual(['ok crm_reached', 'ok schema_ready', 'ok scopes_granted'])
  expect([crm.fake.crm.contacts(), crm.fake.crm.orders(), crm.fake.crm.activities()]).toEqual([[], [], []])
})

test('a quick check is one request', async () => {
  const crm = await openCrm()
  await check(crm, 'quick')
  expect(crm.calls()).toEqual(['GET schema'])
})

test('what the schema lacks is named, with what to ask the administrator for', async () => {
  const fields = { ...signalAttributes, shoeSize: { type: 'integer' as const, value: { op: 'path' as const, path: 'signals.orderCount' } } }
  const crm = await openCrm({
    fake: {
      schema: {
        attributes: {
          ...defaultSchema.attributes,
          contact: [
            { name: 'orderCount', type: 'string' },
            { name: 'vip', type: 'boolean', required: true },
          ],
        },
      },
    },
    contract: {
      objects: { contact: { fields } },
      memberships: [{ kind: 'list', name: 'nowhere', value: { op: 'constant', value: true } }],
    },
  })
  const plan = (await crm.destination.plan?.(crm.ctx)) ?? []
  expect(plan.every(({ action }) => action === 'drift')).toBe(true)
  expect(plan.map(({ target, differences }) => `${target} ${differences.map(({ path }) => path).join()}`)).toEqual(
    expect.arrayContaining([
      'attribute contact.shoeSize type',
      'attribute contact.orderCount type',
      'attribute contact.vip required',
      'list nowhere id',
    ]),
  )
  expect(codes(await check(crm))).toContain('error schema_mismatch')
})

test('fields that belong to the CRM are a warning', async () => {
  const crm = await openCrm({
    contract: { objects: { contact: { fields: { salesOwner: { type: 'string', value: { op: 'path', path: 'id' } } } } } },
  })
  expect(codes(await check(crm))).toContain('warning owned_by_crm')
})

test.each(['contacts:read', 'contacts:write', 'contacts:erase', 'orders:write', 'activities:write'] as const)(
  'a token without %s is told',
  async (scope) => {
    const crm = await openCrm()
    crm.fake.credentials.revoke(scope)
    expect(await check(crm)).toContainEqual(
      expect.objectContaining({ level: 'error', code: 'scope_missing', message: `The token lacks the scope ${scope}.` }),
    )
  },
)

test('a wrong token and an address without a CRM name their setting', async () => {
  const crm = await openCrm({ settings: { token: 'wrong' } })
  expect(await check(crm)).toMatchObject([{ level: 'error', code: 'credentials_rejected', setting: 'connections.crm.token' }])
  const nowhere = await openCrm({ settings: { baseUrl: 'http://127.0.0.1:9' } })
  expect(await check(nowhere)).toMatchObject([{ level: 'error', code: 'connection_failed', setting: 'connections.crm.baseUrl' }])
})

test('the live schema is told in the words of the contract', async () => {
  const { destination, ctx } = await openCrm()
  expect(await destination.describe?.(ctx)).toMatchObject({
    contact: {
      email: { type: 'email' },
      salesOwner: { type: 'string', readOnly: true },
      commerceStage: { type: 'option' },
      lastSkus: { type: 'options' },
    },
  })
})

test('contacts are listed, read and found, along merges', async () => {
  const { fake, destination, ctx, deliver } = await openCrm()
  await deliver(...people(1_200))
  const foreign = fake.crm.create({ emails: [{ value: 'foreign@example.com', primary: true }] })
  const keys = async (wanted: boolean): Promise<string[]> => {
    const found: string[] = []
    for await (const page of destination.list?.({ object: 'contact', fields: ['email'], foreign: wanted }, ctx) ?? [])
      found.push(...page.map(({ key }) => key))
    return found
  }
  expect(new Set(await keys(false)).size).toBe(1_200)
  expect(await keys(true)).toContain('')
  fake.crm.merge(foreign, ref('7'))
  const id = fake.crm.contact(ref('8'))?.id ?? ''
  expect(
    await destination.read?.({ object: 'contact', remoteIds: [id, 'con_99999999'], fields: ['email', 'givenName', 'phone'] }, ctx),
  ).toEqual([{ object: 'contact', key: 'shop:8', remoteId: id, fields: { email: 'p8@example.com', givenName: 'Given 8', phone: null } }])
  const found = await destination.find?.({ object: 'contact', by: 'externalId', values: ['shop:7', 'shop:8', 'shop:none'] }, ctx)
  expect(found?.toSorted((a, b) => (a.key < b.key ? -1 : 1))).toMatchObject([
    { key: 'shop:7', remoteId: foreign },
    { key: 'shop:8', remoteId: id },
  ])
})

const erase = async ({ destination, ctx }: TestCrm, id: string, remoteId?: string): Promise<ErasureOutcome[]> => {
  const outcomes: ErasureOutcome[] = []
  const target = { unit: `u${id}`, key: `shop:${id}`, emails: [], phones: [], related: [], ...(remoteId === undefined ? {} : { remoteId }) }
  for await (const some of destination.erase?.([target], ctx) ?? []) outcomes.push(...some)
  return outcomes
}

test('a person is erased, twice is done too, nobody is absent, and what remains is told', async () => {
  const crm = await openCrm()
  await crm.deliver(person('1'))
  const remains = ['Orders and deals keep their amounts, without the person.']
  expect(await erase(crm, '1')).toEqual([{ unit: 'u1', result: 'erased', remains }])
  expect(await erase(crm, '1')).toEqual([{ unit: 'u1', result: 'erased', remains }])
  expect(await erase(crm, '2')).toEqual([{ unit: 'u2', result: 'absent', remains: [] }])
  expect(results(await crm.deliver(person('1')))).toEqual({ erased_there: 1 })
})

test('an erasure that the CRM only accepts is requested', async () => {
  const crm = await openCrm({ fake: { erasure: 'accepted' } })
  await crm.deliver(person('1'))
  expect(await erase(crm, '1')).toMatchObject([{ result: 'requested' }])
})

test('a person who was merged is erased with the contact that remains, unless that is another person of ours', async () => {
  const crm = await openCrm()
  await crm.deliver(...people(3))
  const survivor = crm.fake.crm.create({ emails: [{ value: 'main@example.com', primary: true }] })
  crm.fake.crm.merge(survivor, ref('1'))
  expect(await erase(crm, '1')).toMatchObject([{ result: 'erased' }])
  expect(crm.fake.crm.contact(survivor)).toBeUndefined()
  crm.fake.crm.merge(ref('2'), ref('3'))
  expect(await erase(crm, '3')).toMatchObject([{ result: 'failed', remains: [expect.stringContaining('another person of ours')] }])
  expect(crm.fake.crm.contact(ref('2'))).toBeDefined()
})

test('a person who comes back after an erasure can be erased again', async () => {
  const crm = await openCrm()
  await crm.deliver(person('1'))
  await erase(crm, '1')
  const headers = { authorization: `Bearer ${crm.fake.token}`, 'x-correlation-id': 'test', 'idempotency-key': 'lift' }
  await fetch(`${crm.fake.url}/contacts/by-external-id/commercetools%3Ashop/1/erasure`, { method: 'DELETE', headers })
  await crm.deliver(person('1'))
  await erase(crm, '1')
  expect(crm.fake.crm.isErased(ref('1'))).toBe(true)
})
