import { expect, test } from 'vitest'

import { objects, raw, withFake, type RawReply } from '../raw.ts'
import type { FakeHubSpot } from '../server.ts'

interface Shop {
  readonly contact: string
  readonly company: string
  readonly deal: string
  readonly order: string
  readonly line: string
}

function shop(fake: FakeHubSpot): Shop {
  return {
    contact: fake.portal.create('contacts', { email: 'ada@example.com' }),
    company: fake.portal.create('companies', { name: 'Engines' }),
    deal: fake.portal.create('deals', { dealname: 'D', dealstage: 'closedwon' }),
    order: fake.portal.create('orders', { hs_order_name: 'O' }),
    line: fake.portal.create('line_items', { name: 'Shoe', price: '5' }),
  }
}

function post(fake: FakeHubSpot, types: string, action: string, inputs: readonly object[]): Promise<RawReply> {
  return raw(fake, 'POST', `/crm/associations/2026-03/${types}/batch/${action}`, { inputs })
}

const pair = (from: string, to: string, ...typeIds: number[]): object => ({
  from: { id: from },
  to: { id: to },
  ...(typeIds.length > 0 && { types: typeIds.map((associationTypeId) => ({ associationCategory: 'HUBSPOT_DEFINED', associationTypeId })) }),
})

test('association-default: links both directions with the default types', () =>
  withFake({}, async (fake) => {
    const { contact, deal } = shop(fake)
    const reply = await post(fake, 'deals/contacts', 'associate/default', [pair(deal, contact)])
    expect(reply.status).toBe(200)
    expect(reply.results).toHaveLength(2)
    expect(reply.results).toEqual(
      expect.arrayContaining([
        { from: { id: deal }, to: { id: contact }, associationSpec: { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 3 } },
        { from: { id: contact }, to: { id: deal }, associationSpec: { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 4 } },
      ]),
    )
    expect([fake.portal.associated('deals', deal, 'contacts'), fake.portal.associated('contacts', contact, 'deals')]).toEqual([
      [contact],
      [deal],
    ])
    expect((await raw(fake, 'GET', objects('deals', `/${deal}?associations=contacts,line_items`))).body).toMatchObject({
      associations: { contacts: { results: [{ id: contact, type: 'deal_to_contact' }] } },
    })
    expect((await raw(fake, 'GET', objects('contacts', `/${contact}/associations/deals`))).results).toMatchObject([{ toObjectId: deal }])
  }))

test('association-idempotent: linking again changes nothing', () =>
  withFake({}, async (fake) => {
    const { contact, deal } = shop(fake)
    for (let time = 0; time < 3; time += 1)
      expect((await post(fake, 'deals/contacts', 'associate/default', [pair(deal, contact), pair(deal, contact)])).status).toBe(200)
    expect(fake.portal.countAssociations('deals', 'contacts')).toBe(1)
  }))

test('association-typed: explicit types are answered with their labels, and single types can be taken away', () =>
  withFake({}, async (fake) => {
    const { contact, company } = shop(fake)
    const reply = await post(fake, 'contacts/companies', 'create', [pair(contact, company, 279, 1)])
    expect([reply.status, reply.results]).toEqual([
      201,
      [{ fromObjectTypeId: '0-1', fromObjectId: contact, toObjectTypeId: '0-2', toObjectId: company, labels: ['Primary'] }],
    ])
    const types = async (): Promise<string> => JSON.stringify((await post(fake, 'companies/contacts', 'read', [{ id: company }])).results)
    expect(await types()).toContain('"typeId":2,"label":"Primary"')
    expect((await post(fake, 'contacts/companies', 'labels/archive', [pair(contact, company, 1)])).status).toBe(204)
    expect(await types()).not.toContain('Primary')
    expect(fake.portal.associated('contacts', contact, 'companies')).toEqual([company])
    expect(
      (await post(fake, 'contacts/companies', 'archive', [{ from: { id: contact }, to: [{ id: company }, { id: '1' }] }])).status,
    ).toBe(204)
    expect(fake.portal.associated('companies', company, 'contacts')).toEqual([])
  }))

test('association-typed: one bad input of a batch is listed, the others are linked', () =>
  withFake({}, async (fake) => {
    const { contact, deal } = shop(fake)
    const reply = await post(fake, 'contacts/deals', 'create', [pair(contact, deal, 4), pair(contact, '404', 4)])
    expect([reply.status, reply.results.length, reply.errors.length]).toEqual([207, 1, 1])
    expect(fake.portal.associated('contacts', contact, 'deals')).toEqual([deal])
  }))

test('association-type-direction: a type of the other direction, of another pair or of no pair is refused', () =>
  withFake({}, async (fake) => {
    const { contact, deal, order } = shop(fake)
    for (const typeId of [3, 279, 99_999]) {
      const reply = await post(fake, 'contacts/deals', 'create', [pair(contact, deal, typeId)])
      expect([typeId, reply.status, reply.errors.length]).toEqual([typeId, 207, 1])
    }
    expect((await post(fake, 'contacts/products', 'associate/default', [pair(contact, deal)])).status).toBe(400)
    const labels = await raw(fake, 'GET', '/crm/associations/2026-03/orders/contacts/labels')
    expect(labels.results).toEqual([{ category: 'HUBSPOT_DEFINED', typeId: 507, label: null }])
    const inline = {
      properties: { email: 'b@example.com' },
      associations: [{ to: { id: order }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 507 }] }],
    }
    expect((await raw(fake, 'POST', objects('contacts'), inline)).status).toBe(400)
  }))

test('association-exists: both records must be there; the default endpoint answers 200 and lists the others', () =>
  withFake({}, async (fake) => {
    const { contact, deal } = shop(fake)
    const reply = await post(fake, 'deals/contacts', 'associate/default', [pair(deal, contact), pair(deal, '404'), pair('405', contact)])
    expect([reply.status, reply.results.length]).toEqual([200, 2])
    expect(reply.body).toMatchObject({ numErrors: 2 })
    expect(reply.errors.map((error) => error['context'])).toEqual([
      { fromObjectId: [deal], toObjectId: ['404'] },
      { fromObjectId: ['405'], toObjectId: [contact] },
    ])
  }))

test('association-exists: a create whose association fails leaves no record behind', () =>
  withFake({}, async (fake) => {
    const { deal } = shop(fake)
    const to = (id: string): object => ({ to: { id }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 4 }] })
    const good = { properties: { email: 'b@example.com' }, associations: [to(deal)], objectWriteTraceId: 'good' }
    const bad = { properties: { email: 'c@example.com' }, associations: [to(deal), to('404')], objectWriteTraceId: 'bad' }
    const reply = await raw(fake, 'POST', objects('contacts', '/batch/create'), { inputs: [good, bad] })
    expect([reply.status, reply.results.length, reply.errors.length]).toEqual([207, 1, 1])
    expect(fake.portal.contactOf('c@example.com')).toBeUndefined()
    expect(fake.portal.associated('deals', deal, 'contacts')).toHaveLength(1)
  }))

test('association-create-cap-2000: 2,000 inputs pass, 2,001 do not', () =>
  withFake({}, async (fake) => {
    const { deal } = shop(fake)
    const inputs = Array.from({ length: 2001 }, (_, index) =>
      pair(deal, fake.portal.create('contacts', { email: `u${index}@example.com` })),
    )
    expect((await post(fake, 'deals/contacts', 'associate/default', inputs)).status).toBe(400)
    expect((await post(fake, 'deals/contacts', 'associate/default', inputs.slice(1))).status).toBe(200)
    const first = await post(fake, 'deals/contacts', 'read', [{ id: deal }])
    const after = /"after":"(\d+)"/.exec(JSON.stringify(first.results))?.[1]
    expect(JSON.stringify(first.results).match(/toObjectId/g)).toHaveLength(500)
    expect(JSON.stringify((await post(fake, 'deals/contacts', 'read', [{ id: deal, after }])).results).match(/toObjectId/g)).toHaveLength(
      500,
    )
  }))

test('association-read-cap-1000: 1,000 inputs pass, 1,001 do not', () =>
  withFake({}, async (fake) => {
    const inputs = Array.from({ length: 1001 }, (_, index) => ({ id: String(index) }))
    expect((await post(fake, 'deals/contacts', 'read', inputs)).status).toBe(400)
    expect((await post(fake, 'deals/contacts', 'read', inputs.slice(1))).status).toBe(207)
  }))

test('association-read-none: a record without associations is reported as an error beside the results', () =>
  withFake({}, async (fake) => {
    const { contact, deal, order } = shop(fake)
    fake.portal.associate('deals', deal, 'contacts', contact)
    const other = fake.portal.create('deals', { dealname: 'E', dealstage: 'closedwon' })
    const reply = await post(fake, 'deals/contacts', 'read', [{ id: deal }, { id: other }])
    expect(reply.status).toBe(207)
    expect(reply.results).toEqual([
      { from: { id: deal }, to: [{ toObjectId: contact, associationTypes: [{ category: 'HUBSPOT_DEFINED', typeId: 3, label: null }] }] },
    ])
    expect(reply.errors).toMatchObject([{ subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND', context: { fromObjectId: [other] } }])
    expect((await raw(fake, 'GET', objects('orders', `/${order}/associations/contacts`))).body).toEqual({ results: [] })
  }))

test('association-cap-per-record: a company takes 50,000 contacts and no more', () =>
  withFake({}, async (fake) => {
    const { company, contact } = shop(fake)
    let last = ''
    for (let index = 0; index < 50_000; index += 1) {
      last = fake.portal.create('contacts', { lastname: `L${index}` })
      fake.portal.associate('contacts', last, 'companies', company)
    }
    const full = await post(fake, 'contacts/companies', 'create', [pair(contact, company, 279), pair(last, company, 279)])
    expect([full.status, full.results.length, full.errors.length]).toEqual([207, 1, 1])
    const reverse = await post(fake, 'companies/contacts', 'associate/default', [pair(company, contact)])
    expect(reverse.errors).toHaveLength(1)
  }))

test('association-line-item-one-parent: a line item belongs to one deal or order or cart', () =>
  withFake({}, async (fake) => {
    const { deal, order, line } = shop(fake)
    expect((await post(fake, 'deals/line_items', 'associate/default', [pair(deal, line)])).errors).toEqual([])
    expect((await post(fake, 'line_items/deals', 'associate/default', [pair(line, deal)])).errors).toEqual([])
    expect((await post(fake, 'orders/line_items', 'associate/default', [pair(order, line)])).errors).toMatchObject([
      { category: 'VALIDATION_ERROR' },
    ])
    expect((await post(fake, 'line_items/orders', 'create', [pair(line, order, 514)])).status).toBe(207)
    const second = fake.portal.create('deals', { dealname: 'E', dealstage: 'closedwon' })
    expect((await post(fake, 'deals/line_items', 'associate/default', [pair(second, line)])).errors).toHaveLength(1)
    await post(fake, 'deals/line_items', 'archive', [{ from: { id: deal }, to: [{ id: line }] }])
    expect((await post(fake, 'orders/line_items', 'associate/default', [pair(order, line)])).errors).toEqual([])
  }))

test('single associations: put by default type, put by type, delete', () =>
  withFake({}, async (fake) => {
    const { contact, deal } = shop(fake)
    const base = `/crm/v4/objects/contacts/${contact}/associations`
    expect((await raw(fake, 'PUT', `${base}/default/deals/${deal}`)).status).toBe(200)
    expect(
      (await raw(fake, 'PUT', `${base}/deals/${deal}`, [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 4 }])).status,
    ).toBe(201)
    expect((await raw(fake, 'PUT', `${base}/deals/404`, [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 4 }])).status).toBe(
      400,
    )
    expect((await raw(fake, 'DELETE', `${base}/deals/${deal}`)).status).toBe(204)
    expect(fake.portal.countAssociations('contacts', 'deals')).toBe(0)
  }))
