import { startFaultServer } from '@millrace/adapter-kit/testing'
import type { Input, Outcome } from '@millrace/core'
import { afterEach, expect, test } from 'vitest'
import { crmOne } from './crm-one.ts'
import { pathOfLocation } from './rest/contact.ts'
import { closeCrms, known, openCrm, person, ref } from './test-support/crm.ts'

afterEach(closeCrms)

test.each([
  ['a path below the base', (path: string) => path],
  ['a whole address', (path: string, url: string) => `${url}${path}`],
])('a redirect is followed as %s', async (_, locate) => {
  const { fake, ctx } = await openCrm()
  const server = await startFaultServer({ target: fake.url })
  const behind = crmOne({ baseUrl: server.url, token: fake.token })
  const survivor = fake.crm.create({ emails: [{ value: 'main@example.com', primary: true }] })
  const problem = { type: 'urn:crm-one:problem:merged', title: 'merged', status: 301, code: 'merged', errors: [], correlationId: 'x' }
  const headers = { location: locate(`/contacts/${survivor}`, server.url), 'content-type': 'application/problem+json' }
  server.next({ kind: 'status', status: 301, headers, body: problem }, { method: 'PUT' })
  for await (const outcomes of behind.deliver([{ ...person('1'), fence: 1 }], ctx))
    expect(outcomes).toMatchObject([{ result: 'delivered', remoteId: survivor }])
  expect(fake.crm.contact(ref('1'))?.id).toBe(survivor)
  await behind.close?.()
  await server.close()
})

test('the CRM may live below a path, and its redirects name the whole path', () => {
  expect(pathOfLocation('/v1/contacts/con_1', 'https://crm.example.com/v1')).toBe('/contacts/con_1')
  expect(pathOfLocation('/contacts/con_1', 'https://crm.example.com/v1/')).toBe('/contacts/con_1')
  expect(pathOfLocation('https://crm.example.com/v1/contacts/con_1', 'https://crm.example.com/v1')).toBe(
    'https://crm.example.com/v1/contacts/con_1',
  )
})

test('a CRM without contacts by id is read by our keys, and names who stands in the way without taking it over', async () => {
  const { fake, ctx } = await openCrm()
  const server = await startFaultServer({ target: fake.url })
  server.always(
    { kind: 'status', status: 404, headers: { 'content-type': 'application/problem+json' }, body: { code: 'not_found' } },
    { method: 'GET', path: /^\/contacts\/con_/ },
  )
  const behind = crmOne({ baseUrl: server.url, token: fake.token })
  const deliver = async (fence: number, one: Input): Promise<Outcome | undefined> => {
    let last: Outcome | undefined
    for await (const some of behind.deliver([{ ...one, fence }], ctx)) last = some.at(-1)
    return last
  }
  const first = await deliver(1, person('1'))
  fake.crm.edit(ref('1'), { emails: [{ value: 'p1@example.com', primary: true }, { value: 'office@example.com' }] })
  await deliver(2, known(person('1'), first, { email: 'new@example.com' }))
  expect(fake.crm.contact(ref('1'))?.emails.map(({ value }) => value)).toEqual(['new@example.com', 'office@example.com'])
  const there = fake.crm.create({ emails: [{ value: 'p2@example.com', primary: true }] })
  expect(await deliver(3, person('2'))).toEqual({ unit: 'contact:shop:2', result: 'conflict', candidates: [{ remoteId: there }] })
  await behind.close?.()
  await server.close()
})
