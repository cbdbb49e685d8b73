import { expect, test } from 'vitest'

import { disagreements, documented, documentedCodes, operationOf, type Exchange } from './document.test-helper.ts'
import { crmOneFaults } from './faults.ts'
import { problemCodes } from './problem.ts'
import {
  activity,
  consent,
  contactKey,
  contactPath,
  deal,
  order,
  raw,
  rawBulk,
  shop,
  withFake,
  type RawOptions,
} from './raw.test-helper.ts'
import { routes } from './router.ts'
import { allScopes } from './scopes.ts'
import type { FakeCrmOne } from './server.ts'

const granted = { consents: [consent('granted', '2026-01-01T00:00:00Z')] }
const changed = { sourceVersion: 5 }
const identity = { source: shop, id: 'x' }
const unknownOther = { otherId: 'con_99' }

test('the document has the operations that are served, and no other', () => {
  const served = [...routes.map(({ method, path }) => `${method} ${path}`), 'POST /bulk']
  expect([...documented.keys()].toSorted()).toEqual(served.toSorted())
})

test('the document has the codes of problems that are served, and no other', () => {
  expect(documentedCodes).toEqual(Object.keys(problemCodes))
})

/** Sends what makes every operation give every status; raw requests throw when one of them is not in the document. */
async function everything(fake: FakeCrmOne): Promise<void> {
  const put = (path: string, body: object, options?: RawOptions) => raw(fake, 'PUT', path, body, options)
  const idOf = (id: string): string => fake.crm.contact(`${shop}/${id}`)?.id ?? ''
  for (const id of ['1', '2', 'old', 'gone']) await put(contactPath(id), { sourceVersion: 5, ...granted })
  const gone = idOf('gone')
  const old = idOf('old')
  await raw(fake, 'DELETE', contactPath('gone'))
  const one = `/contacts/${idOf('1')}`
  fake.crm.merge(idOf('1'), old)

  const paths = {
    read: ['/contacts', '/schema', one, contactPath('1')],
    moved: [`/contacts/${old}`, contactPath('old')],
    gone: [`/contacts/${gone}`, contactPath('gone')],
    missing: ['/contacts/con_99', contactPath('99')],
  }
  for (const path of Object.values(paths).flat()) await raw(fake, 'GET', path)

  const stale = { headers: { 'if-match': '"99"' } }
  const writes: readonly (readonly [method: string, path: string, body?: object | undefined, options?: RawOptions])[] = [
    ['PUT', contactPath('1'), changed],
    ['PUT', contactPath('old'), changed],
    ['PUT', contactPath('1', 'no source'), changed],
    ['PUT', contactPath('1'), { sourceVersion: 1 }],
    ['PUT', contactPath('gone'), changed],
    ['PUT', contactPath('1'), changed, stale],
    ['PUT', contactPath('1'), {}],
    ['POST', `${one}/external-ids`, { source: shop, id: 'new' }],
    ['POST', `${one}/external-ids`, { source: shop, id: 'new' }],
    ['POST', `/contacts/${old}/external-ids`, identity],
    ['POST', '/contacts/con_99/external-ids', identity],
    ['POST', `${one}/external-ids`, { source: shop, id: '2' }],
    ['POST', `${one}/external-ids`, { source: shop, id: 'gone' }],
    ['POST', `${one}/external-ids`, identity, stale],
    ['POST', `${one}/external-ids`, {}],
    ['POST', `${one}/merge`, { otherId: old }],
    ['POST', `/contacts/${old}/merge`, unknownOther],
    ['POST', '/contacts/con_99/merge', unknownOther],
    ['POST', `${one}/merge`, { otherId: gone }],
    ['POST', `${one}/merge`, unknownOther, stale],
    ['POST', `${one}/merge`, unknownOther],
    ['PUT', '/activities/e', activity('e', '1', 'order.placed')],
    ['PUT', '/activities/e', activity('e', '1', 'order.placed')],
    ['PUT', '/activities/e', activity('e', 'gone', 'order.placed')],
    ['PUT', '/activities/e', activity('e', '99', 'order.placed')],
    ...(['orders', 'deals'] as const).flatMap((resource) => {
      const body = resource === 'orders' ? order : deal
      const path = `/${resource}/s/1`
      return [
        ['PUT', path, body(2, '1')],
        ['PUT', path, body(2, '1')],
        ['PUT', `/${resource}/no%20source/1`, body(2, '1')],
        ['PUT', path, body(1, '1')],
        ['PUT', path, body(2, 'gone')],
        ['PUT', path, body(2, '1'), stale],
        ['PUT', path, {}],
      ] as const
    }),
    ...(['PUT', 'DELETE'] as const).flatMap((method) =>
      [contactKey('1'), old, contactKey('gone'), contactKey('99')].map((key) => [method, `/lists/newsletter/members/${key}`] as const),
    ),
    ['PUT', `/lists/nope/members/${contactKey('1')}`],
    ['DELETE', `/lists/nope/members/${contactKey('1')}`],
    ['DELETE', contactPath('old')],
    ['DELETE', contactPath('99')],
    ['DELETE', contactPath('1'), undefined, stale],
    ['DELETE', `${contactPath('1')}/erasure`],
    ['DELETE', `${contactPath('gone')}/erasure`],
  ]
  for (const [method, path, body, options] of writes) await raw(fake, method, path, body, options)
  // A key used for another request: the only 422 of writes without a body.
  await put(contactPath('1'), { sourceVersion: 6 }, { key: 'used' })
  for (const path of [contactPath('1'), `${contactPath('1')}/erasure`, `/lists/newsletter/members/${contactKey('1')}`]) {
    await raw(fake, 'DELETE', path, undefined, { key: 'used' })
  }
  const line = { op: 'PUT', path: '/orders/s/2', body: order(1, null), idempotencyKey: 'line' }
  await rawBulk(fake, [line])
  await rawBulk(
    fake,
    Array.from({ length: 501 }, (_, index) => ({ ...line, idempotencyKey: `line-${index}` })),
  )
}

/** Sends every operation once with each failure that has nothing to do with it. */
async function failures(fake: FakeCrmOne): Promise<void> {
  for (const operation of documented.keys()) {
    const [method = '', template = ''] = operation.split(' ')
    const path = template.replaceAll(/\{[a-zA-Z]+\}/g, 'x')
    const send = (headers: Record<string, string | null> = {}) => raw(fake, method, path, undefined, { headers })
    await send({ authorization: null })
    await send({ 'x-correlation-id': null })
    for (const fault of ['rateLimited', 'serverError', 'badGateway', 'unavailable', 'gatewayTimeout'] as const) {
      fake.faults.next(crmOneFaults[fault]())
      await send()
    }
    fake.credentials.grant([])
    await send()
    fake.credentials.grant(allScopes)
  }
}

test('every status of every operation in the document is served, and every status that is served is in the document', () =>
  withFake({}, async (fake) => {
    await everything(fake)
    await failures(fake)
    const served = new Set(fake.requests.map(({ method, path, status }) => `${operationOf(method, path) ?? 'unknown'} ${status}`))
    await withFake({ erasure: 'accepted' }, async (slow) => {
      await raw(slow, 'PUT', contactPath('1'), { sourceVersion: 1 })
      const { status } = await raw(slow, 'DELETE', contactPath('1'))
      served.add(`DELETE /contacts/by-external-id/{source}/{externalId} ${status}`)
    })
    const expected = [...documented].flatMap(([operation, statuses]) => statuses.map((status) => `${operation} ${status}`))
    expect([...served].toSorted()).toEqual(expected.toSorted())
  }))

test('the check of the document sees wrong paths, statuses, media types and bodies', () => {
  const good: Exchange = {
    method: 'PUT',
    path: '/orders/s/1?x=1',
    status: 201,
    requestType: 'application/json',
    sent: [order(1, '1')],
    replyType: 'application/json',
    received: [{ id: 'o', version: 1, lastModified: '2026-01-01T00:00:00.000Z', ignored: [] }],
  }
  expect(disagreements(good)).toEqual([])
  for (const wrong of [
    { path: '/order/s/1' },
    { method: 'GET' },
    { status: 204 },
    { status: 207 },
    { replyType: 'text/html' },
    { received: [{ id: 'o' }] },
    { sent: [order(1, '1', { gross: 19.99 })] },
    { sent: [order(1, '1', { extra: 1 })] },
  ])
    expect([wrong, disagreements({ ...good, ...wrong }).length]).toEqual([wrong, 1])
})
