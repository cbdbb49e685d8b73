import { expect, test } from 'vitest'

import { activity, consent, contactKey, contactPath, deal, order, raw, shop, withFake } from './raw.test-helper.ts'
import type { FakeCrmOne } from './server.ts'

async function withContact(body: (fake: FakeCrmOne, id: string) => Promise<void>, more: object = {}): Promise<void> {
  await withFake({ now: () => Date.parse('2026-06-01T00:00:00Z') }, async (fake) => {
    const reply = await raw(fake, 'PUT', contactPath('1'), { sourceVersion: 1, ...more })
    await body(fake, String(reply.body['id']))
  })
}

const granted = { consents: [consent('granted', '2026-01-01T00:00:00Z')] }

test('activity-put: a CloudEvent is recorded for its subject, an identity or an id of the CRM', () =>
  withContact(async (fake, id) => {
    const data = { order: 'A-1', currency: 'JPY', value: '500' }
    expect(
      (await raw(fake, 'PUT', '/activities/order.placed:A-1', activity('order.placed:A-1', '1', 'order.placed', { data }))).status,
    ).toBe(201)
    expect((await raw(fake, 'PUT', '/activities/r', activity('r', '1', 'refund.created', { subject: id }))).status).toBe(201)
    expect(fake.crm.activitiesOf(`${shop}/1`)).toEqual([
      expect.objectContaining({ id: 'order.placed:A-1', data, contactId: id, receivedAt: '2026-06-01T00:00:00.000Z' }),
      expect.objectContaining({ id: 'r', type: 'refund.created' }),
    ])
    for (const [more, error] of [
      [{ specversion: '0.3' }, '/specversion unknown_option'],
      [{ type: 'Order Placed' }, '/type format'],
      [{ time: '2026-01-01' }, '/time format'],
      [{ subject: undefined }, '/subject required'],
      [{ data: [] }, '/data type'],
      [{ data_base64: 'eA==' }, '/data_base64 unknown_field'],
    ] as const) {
      expect((await raw(fake, 'PUT', '/activities/x', activity('x', '1', 'order.placed', more))).errors).toEqual([error])
    }
  }))

test('activity-idempotent: the first envelope of an id stays', () =>
  withContact(async (fake) => {
    await raw(fake, 'PUT', '/activities/e', activity('e', '1', 'order.placed', { data: { n: 1 } }))
    const again = await raw(fake, 'PUT', '/activities/e', activity('e', '1', 'order.placed', { data: { n: 2 } }))
    expect([again.status, fake.crm.activities().map(({ data }) => data)]).toEqual([200, [{ n: 1 }]])
  }))

test('activity-id-of-path: the id of the envelope is that of the path', () =>
  withContact(async (fake) => {
    expect((await raw(fake, 'PUT', '/activities/e', activity('f', '1', 'order.placed'))).errors).toEqual(['/id differs_from_path'])
  }))

test('activity-older-time: activities are accepted late and ordered by their time', () =>
  withContact(async (fake) => {
    for (const [id, time] of [
      ['b', '2026-03-01T00:00:00Z'],
      ['c', '2026-03-01T00:30:00+01:00'],
      ['a', '1999-01-01T00:00:00Z'],
    ] as const)
      expect((await raw(fake, 'PUT', `/activities/${id}`, activity(id, '1', 'order.placed', { time }))).status).toBe(201)
    expect(fake.crm.activitiesOf(`${shop}/1`).map(({ id }) => id)).toEqual(['a', 'c', 'b'])
  }))

test('activity-not-from-the-future: a time more than 300 seconds ahead of the clock of the CRM is not valid', () =>
  withContact(async (fake) => {
    const put = (time: string) => raw(fake, 'PUT', '/activities/e', activity('e', '1', 'order.placed', { time }))
    expect((await put('2026-06-01T00:05:01Z')).errors).toEqual(['/time in_the_future'])
    expect((await put('2026-06-01T00:05:00Z')).status).toBe(201)
  }))

test('activity-needs-consent: a marketing activity needs the granted consent of its channel and purpose', () =>
  withContact(async (fake) => {
    for (const [type, more, status] of [
      ['checkout.started', {}, 201],
      ['checkout.started', { channel: 'email', purpose: 'marketing' }, 201],
      ['cart.abandoned', { channel: 'sms' }, 422],
      ['cart.abandoned', { purpose: 'profiling' }, 422],
      ['ordering.help', { channel: 'sms' }, 422],
    ] as const) {
      const id = `${type}-${JSON.stringify(more).length}`
      const reply = await raw(fake, 'PUT', `/activities/${id}`, activity(id, '1', type, more))
      expect([type, more, reply.status, reply.code]).toEqual([type, more, status, status === 422 ? 'consent_required' : ''])
    }
    fake.crm.withdraw(`${shop}/1`, 'email', 'marketing')
    expect((await raw(fake, 'PUT', '/activities/last', activity('last', '1', 'checkout.started'))).code).toBe('consent_required')
  }, granted))

test('activity-transactional-exempt: orders, shipments and refunds need no consent', () =>
  withContact(async (fake) => {
    for (const type of ['order.placed', 'order.cancelled', 'shipment.sent', 'refund.created']) {
      expect((await raw(fake, 'PUT', `/activities/${type}`, activity(type, '1', type))).status).toBe(201)
    }
  }))

test('order-put: an order is a snapshot behind its own version, linked to a contact, with amounts kept as they are', () =>
  withContact(async (fake, id) => {
    const amounts = { currency: 'KWD', gross: '19.990', net: '16.798319327731092436975', tax: '-0', refunded: '0.00' }
    const first = await raw(fake, 'PUT', '/orders/s/1', order(2, '1', { ...amounts, store: 'eu', channel: 'web' }))
    expect([first.status, first.code, first.errors]).toEqual([422, 'validation', ['/net format']])
    const good = { ...amounts, net: '16.79831932773109243697' }
    expect(
      (await raw(fake, 'PUT', '/orders/s/1', order(2, '1', { ...good, store: 'eu', attributes: { couponCodes: ['X'] } }))).status,
    ).toBe(201)
    expect(fake.crm.order('s', '1')).toMatchObject({ ...good, store: 'eu', contactId: id, version: 1 })
    const second = await raw(fake, 'PUT', '/orders/s/1', order(3, '1', { status: 'Complete' }))
    expect([second.status, second.headers.get('etag')]).toEqual([200, '"2"'])
    expect(fake.crm.order('s', '1')).not.toHaveProperty('store')
    expect((await raw(fake, 'PUT', '/orders/s/1', order(2, '1'))).code).toBe('stale')
    expect((await raw(fake, 'PUT', '/orders/s/1', order(4, '1', { attributes: { nope: 1 } }))).code).toBe('unknown_attribute')
    const twice = [1, 2].map(() => ({ id: '1', name: 'Mug', quantity: 1, unitPrice: '1', total: '1' }))
    expect((await raw(fake, 'PUT', '/orders/s/1', order(4, '1', { lines: twice }))).errors).toEqual(['/lines duplicate'])
    expect(fake.crm.order('s', '1')?.status).toBe('Complete')
  }))

test('order-of-nobody: null is an order of nobody, leaving the contact out is a mistake', () =>
  withContact(async (fake) => {
    expect((await raw(fake, 'PUT', '/orders/s/1', order(1, null))).status).toBe(201)
    expect((await raw(fake, 'PUT', '/orders/s/2', order(1, null, { contact: undefined }))).errors).toEqual(['/contact required'])
    expect(fake.crm.orders().map(({ contact, contactId }) => [contact, contactId])).toEqual([[null, undefined]])
  }))

test('contact-unknown: what refers to a contact that is not there yet is 422, and may be sent again later', () =>
  withContact(async (fake) => {
    const writes = [
      ['/orders/s/1', order(1, '2'), '/contact'],
      ['/deals/s/1', deal(1, '2'), '/contact'],
      ['/activities/e', activity('e', '2', 'order.placed'), '/subject'],
      [`/lists/newsletter/members/${contactKey('2')}`, undefined, 'path/contact'],
    ] as const
    for (const [path, body, pointer] of writes) {
      const reply = await raw(fake, 'PUT', path, body)
      expect([reply.status, reply.code, reply.errors]).toEqual([422, 'contact_unknown', [`${pointer} unknown`]])
    }
    await raw(fake, 'PUT', contactPath('2'), { sourceVersion: 1, ...granted })
    for (const [path, body] of writes) expect((await raw(fake, 'PUT', path, body)).status).toBeLessThan(300)
  }))

test('deal-put: a deal is a snapshot behind its own version; attributes of the CRM are kept and named', () =>
  withContact(async (fake, id) => {
    const first = await raw(
      fake,
      'PUT',
      '/deals/s/1',
      deal(1, '1', { name: 'A-1', attributes: { orderNumber: 'A-1', forecast: 'best case' } }),
    )
    expect([first.status, first.body['ignored']]).toEqual([201, ['/attributes/forecast']])
    expect(fake.crm.deal('s', '1')?.attributes).toEqual({ orderNumber: 'A-1' })
    expect((await raw(fake, 'PUT', '/deals/s/1', deal(2, '1', { stage: 'paid', amount: '9.99', currency: 'EUR' }))).status).toBe(200)
    expect(fake.crm.deal('s', '1')).toMatchObject({ stage: 'paid', amount: '9.99', contactId: id, version: 2 })
    expect((await raw(fake, 'PUT', '/deals/s/1', deal(1, '1'))).code).toBe('stale')
    expect((await raw(fake, 'PUT', '/deals/s/1', deal(3, '1', { attributes: { nope: 1 } }))).code).toBe('unknown_attribute')
  }))

test('attributes that came to belong to the CRM stay in orders and deals, whether a snapshot names them or not', () =>
  withContact(async (fake) => {
    await raw(fake, 'PUT', '/orders/s/1', order(1, '1', { attributes: { paymentMethod: 'card' } }))
    await raw(fake, 'PUT', '/deals/s/1', deal(1, '1', { attributes: { orderNumber: 'A-1' } }))
    const owned = (name: string) => [{ name, type: 'string', owner: 'crm' }] as const
    fake.crm.configure({ attributes: { contact: [], order: owned('paymentMethod'), deal: owned('orderNumber') } })
    const named = await raw(fake, 'PUT', '/orders/s/1', order(2, '1', { attributes: { paymentMethod: 'invoice' } }))
    const absent = await raw(fake, 'PUT', '/deals/s/1', deal(2, '1'))
    expect([named.body['ignored'], absent.body['ignored']]).toEqual([['/attributes/paymentMethod'], []])
    expect([fake.crm.order('s', '1')?.attributes, fake.crm.deal('s', '1')?.attributes]).toEqual([
      { paymentMethod: 'card' },
      { orderNumber: 'A-1' },
    ])
  }))

test('deal-stage-exists: pipeline and stage are those of the schema', () =>
  withContact(async (fake) => {
    expect((await raw(fake, 'PUT', '/deals/s/1', deal(1, '1', { pipeline: 'sales' }))).errors).toEqual(['/pipeline unknown_option'])
    expect((await raw(fake, 'PUT', '/deals/s/1', deal(1, '1', { stage: 'won' }))).errors).toEqual(['/stage unknown_option'])
    fake.crm.configure({ pipelines: [{ id: 'sales', name: 'Sales', stages: [{ id: 'won', name: 'Won' }] }] })
    expect((await raw(fake, 'PUT', '/deals/s/1', deal(1, '1', { pipeline: 'sales', stage: 'won' }))).status).toBe(201)
  }))

test('list-member: joining and leaving may be repeated, by identity and by id', () =>
  withContact(async (fake, id) => {
    const path = `/lists/newsletter/members/${contactKey('1')}`
    for (const member of [path, path, `/lists/newsletter/members/${id}`]) expect((await raw(fake, 'PUT', member)).status).toBe(204)
    expect(fake.crm.members('newsletter')).toEqual([id])
    for (const member of [path, path, `/lists/newsletter/members/${contactKey('99')}`])
      expect((await raw(fake, 'DELETE', member)).status).toBe(204)
    expect(fake.crm.members('newsletter')).toEqual([])
    expect((await raw(fake, 'PUT', '/lists/newsletter/members/nonsense')).code).toBe('not_found')
  }, granted))

test('list-needs-consent: nobody joins without the granted consent of the list; leaving needs none', () =>
  withContact(async (fake) => {
    const reply = await raw(fake, 'PUT', `/lists/sms-offers/members/${contactKey('1')}`)
    expect([reply.status, reply.code, reply.errors]).toEqual([422, 'consent_required', ['path/contact sms/marketing']])
    expect((await raw(fake, 'DELETE', `/lists/sms-offers/members/${contactKey('1')}`)).status).toBe(204)
    expect(fake.crm.members('sms-offers')).toEqual([])
  }, granted))

test('list-not-found: lists are those of the schema', () =>
  withContact(async (fake) => {
    for (const method of ['PUT', 'DELETE'])
      expect((await raw(fake, method, `/lists/nope/members/${contactKey('1')}`)).code).toBe('not_found')
  }, granted))
