import { expect, test } from 'vitest'

import { activity, consent, contactKey, contactPath, deal, order, raw, shop, withFake } from '../raw.test-helper.ts'
import type { FakeCrmOne } from '../server.ts'

async function put(fake: FakeCrmOne, id: string, body: object = {}, sourceVersion = 1): Promise<string> {
  return String((await raw(fake, 'PUT', contactPath(id), { sourceVersion, ...body })).body['id'])
}

const granted = { consents: [consent('granted', '2026-01-01T00:00:00Z')] }

test('erase-then-gone: every identity and id of an erased person answers 410, in paths and in bodies', () =>
  withFake({}, async (fake) => {
    const id = await put(fake, '1', {
      externalIds: [{ source: 'magento:eu', id: '7' }],
      emails: [{ value: 'ada@example.com' }],
      ...granted,
    })
    const other = await put(fake, '2')
    expect((await raw(fake, 'DELETE', contactPath('1'))).status).toBe(204)
    const gone = [
      ['GET', contactPath('1'), undefined],
      ['GET', contactPath('7', 'magento:eu'), undefined],
      ['GET', `/contacts/${id}`, undefined],
      ['PUT', contactPath('1'), { sourceVersion: 99 }],
      ['PUT', contactPath('2'), { sourceVersion: 2, externalIds: [{ source: shop, id: '1' }] }],
      ['POST', `/contacts/${id}/external-ids`, { source: shop, id: '3' }],
      ['POST', `/contacts/${id}/merge`, { otherId: other }],
      ['POST', `/contacts/${other}/merge`, { otherId: id }],
      ['POST', `/contacts/${other}/external-ids`, { source: shop, id: '1' }],
      ['PUT', '/activities/e', activity('e', '1', 'order.placed')],
      ['PUT', '/orders/s/1', order(1, '1')],
      ['PUT', '/deals/s/1', deal(1, '1')],
      ['PUT', `/lists/newsletter/members/${contactKey('1')}`, undefined],
    ] as const
    for (const [method, path, body] of gone) {
      const reply = await raw(fake, method, path, body)
      expect([path, reply.status, reply.code]).toEqual([path, 410, 'erased'])
    }
    expect([fake.crm.isErased(`${shop}/1`), fake.crm.contacts().length, fake.crm.contactOf('ada@example.com')]).toEqual([
      true,
      1,
      undefined,
    ])
    expect(await put(fake, '3', { emails: [{ value: 'ada@example.com' }] })).toMatch(/^con_/)
  }))

test('erase-cascades: activities and memberships end, orders and deals keep their amounts without the person', () =>
  withFake({}, async (fake) => {
    await put(fake, '1', granted)
    await raw(fake, 'PUT', '/activities/e', activity('e', '1', 'order.placed'))
    const personal = { email: 'ada@example.com', billingAddress: { name: 'Ada' }, shippingAddress: { name: 'Ada' } }
    await raw(fake, 'PUT', '/orders/s/1', order(1, '1', personal))
    await raw(fake, 'PUT', '/deals/s/1', deal(1, '1'))
    await raw(fake, 'PUT', `/lists/newsletter/members/${contactKey('1')}`)
    expect(fake.crm.members('newsletter')).toHaveLength(1)
    await raw(fake, 'DELETE', contactPath('1'))
    expect([fake.crm.activities(), fake.crm.members('newsletter')]).toEqual([[], []])
    const kept = fake.crm.order('s', '1')
    expect(kept).toMatchObject({ gross: '19.99', contact: null, version: 2 })
    expect([JSON.stringify(kept), JSON.stringify(fake.crm.deals())].join()).not.toMatch(/Ada|ada@|commercetools:shop/)
    expect(fake.crm.deal('s', '1')).toMatchObject({ amount: '19.99', contact: null })
  }))

test('erase-twice: an erasure asked for again is done; who never was is 404', () =>
  withFake({ erasure: 'accepted' }, async (fake) => {
    await put(fake, '1')
    expect((await raw(fake, 'DELETE', contactPath('1'))).status).toBe(202)
    expect((await raw(fake, 'DELETE', contactPath('1'))).status).toBe(202)
    expect((await raw(fake, 'DELETE', contactPath('2'))).code).toBe('not_found')
  }))

test('erase-lifted: an erased identity can be written again after its erasure was lifted, as a new contact', () =>
  withFake({}, async (fake) => {
    const id = await put(fake, '1', { name: { given: 'Ada' } })
    const path = `${contactPath('1')}/erasure`
    expect((await raw(fake, 'DELETE', path)).code).toBe('not_found')
    await raw(fake, 'DELETE', contactPath('1'))
    expect((await raw(fake, 'DELETE', path)).status).toBe(204)
    expect((await raw(fake, 'GET', contactPath('1'))).code).toBe('not_found')
    const again = await raw(fake, 'PUT', contactPath('1'), { sourceVersion: 2 })
    expect([again.status, again.body['id'] === id, fake.crm.contact(`${shop}/1`)?.name]).toEqual([201, false, {}])
    expect((await raw(fake, 'GET', `/contacts/${id}`)).code).toBe('erased')
  }))

test('an identity that was erased with the survivor of its merge can be lifted by itself', () =>
  withFake({}, async (fake) => {
    fake.crm.merge(await put(fake, '1'), await put(fake, '2'))
    await raw(fake, 'DELETE', contactPath('1'))
    expect((await raw(fake, 'DELETE', `${contactPath('2')}/erasure`)).status).toBe(204)
    expect([(await raw(fake, 'GET', contactPath('2'))).code, (await raw(fake, 'GET', contactPath('1'))).code]).toEqual([
      'not_found',
      'erased',
    ])
  }))

test('source-version-outlives-erasure: a stale write stays stale after the erasure was lifted', () =>
  withFake({}, async (fake) => {
    await put(fake, '1', {}, 5)
    await raw(fake, 'DELETE', contactPath('1'))
    await raw(fake, 'DELETE', `${contactPath('1')}/erasure`)
    expect((await raw(fake, 'PUT', contactPath('1'), { sourceVersion: 4 })).code).toBe('stale')
  }))

test('identity-added: a contact takes further identities, an identity it has is no change', () =>
  withFake({}, async (fake) => {
    const id = await put(fake, '1')
    const added = await raw(fake, 'POST', `/contacts/${id}/external-ids`, { source: 'magento:eu', id: '7' })
    expect([added.status, added.body['id'], added.headers.get('etag')]).toEqual([201, id, '"2"'])
    const again = await raw(fake, 'POST', `/contacts/${id}/external-ids`, { source: 'magento:eu', id: '7' })
    expect([again.status, again.headers.get('etag')]).toEqual([200, '"2"'])
    expect(fake.crm.contact('magento:eu/7')?.externalIds).toHaveLength(2)
    for (const body of [{ source: 'a/b', id: '1' }, { source: 's' }, { source: 's', id: '' }, { source: 's', id: 1 }]) {
      expect((await raw(fake, 'POST', `/contacts/${id}/external-ids`, body)).code).toBe('validation')
    }
    expect((await raw(fake, 'POST', '/contacts/con_9/external-ids', { source: 's', id: '1' })).code).toBe('not_found')
  }))

test('identity-held-once: an identity of another contact is a conflict that names it, and nothing is written', () =>
  withFake({}, async (fake) => {
    const one = await put(fake, '1', { emails: [{ value: 'ada@example.com' }] })
    const two = await put(fake, '2')
    const added = await raw(fake, 'POST', `/contacts/${two}/external-ids`, { source: shop, id: '1' })
    expect([added.status, added.code, added.body['candidates']]).toEqual([409, 'identity_conflict', [one]])
    const body = { sourceVersion: 1, externalIds: [{ source: shop, id: '2' }], emails: [{ value: 'ada@example.com' }] }
    const written = await raw(fake, 'PUT', contactPath('3'), body)
    expect([written.code, written.errors, written.body['candidates']]).toEqual([
      'identity_conflict',
      ['/externalIds/0 held', '/emails/0/value held'],
      [two, one],
    ])
    expect((await raw(fake, 'GET', contactPath('3'))).status).toBe(404)
  }))

test('merge-two: the survivor keeps its id and values and gets what it lacks, with everything that hung on the other', () =>
  withFake({}, async (fake) => {
    const one = await put(fake, '1', { name: { given: 'Ada' }, emails: [{ value: 'ada@example.com', primary: true }], ...granted })
    const two = await put(fake, '2', {
      name: { given: 'A.', family: 'L.' },
      emails: [{ value: 'al@example.com', primary: true }],
      ...granted,
    })
    await raw(fake, 'PUT', '/activities/e', activity('e', '2', 'order.placed'))
    await raw(fake, 'PUT', '/orders/s/1', order(1, '2'))
    await raw(fake, 'PUT', '/deals/s/1', deal(1, '2'))
    await raw(fake, 'PUT', `/lists/newsletter/members/${two}`)
    const reply = await raw(fake, 'POST', `/contacts/${one}/merge`, { otherId: two })
    expect([reply.status, reply.body['id'], reply.body['version']]).toEqual([200, one, 2])
    expect(fake.crm.contacts()).toEqual([
      expect.objectContaining({
        id: one,
        name: { given: 'Ada', family: 'L.' },
        emails: [
          { value: 'ada@example.com', primary: true },
          { value: 'al@example.com', primary: false },
        ],
      }),
    ])
    expect(fake.crm.activitiesOf(one)).toHaveLength(1)
    expect([fake.crm.order('s', '1')?.contactId, fake.crm.deal('s', '1')?.contactId, fake.crm.members('newsletter')]).toEqual([
      one,
      one,
      [one],
    ])
    expect((await raw(fake, 'POST', `/contacts/${one}/merge`, { otherId: two })).status).toBe(200)
    expect((await raw(fake, 'POST', `/contacts/${one}/merge`, { otherId: one })).errors).toEqual(['/otherId same'])
    expect((await raw(fake, 'POST', `/contacts/${one}/merge`, { otherId: 'con_9' })).code).toBe('contact_unknown')
    expect((await raw(fake, 'POST', '/contacts/con_9/merge', { otherId: one })).code).toBe('not_found')
  }))

test('merge-then-moved: id and identities of the merged answer 301 with the place of the survivor, through several merges', () =>
  withFake({}, async (fake) => {
    const [one, two, three] = [await put(fake, '1', granted), await put(fake, '2', granted), await put(fake, '3', granted)]
    await raw(fake, 'POST', `/contacts/${two}/merge`, { otherId: one })
    fake.crm.merge(three, two)
    const moved = [
      ['GET', contactPath('1'), undefined, `/contacts/${three}`],
      ['GET', `/contacts/${one}`, undefined, `/contacts/${three}`],
      ['PUT', contactPath('2'), { sourceVersion: 2 }, `/contacts/${three}`],
      ['DELETE', contactPath('1'), undefined, `/contacts/${three}`],
      ['POST', `/contacts/${two}/external-ids`, { source: shop, id: '9' }, `/contacts/${three}/external-ids`],
      ['POST', `/contacts/${one}/merge`, { otherId: three }, `/contacts/${three}/merge`],
      ['PUT', `/lists/newsletter/members/${contactKey('1')}`, undefined, `/lists/newsletter/members/${three}`],
      ['DELETE', `/lists/newsletter/members/${one}`, undefined, `/lists/newsletter/members/${three}`],
    ] as const
    for (const [method, path, body, location] of moved) {
      const reply = await raw(fake, method, path, body)
      expect([path, reply.status, reply.code, reply.headers.get('location')]).toEqual([path, 301, 'merged', location])
    }
    await raw(fake, 'PUT', '/orders/s/1', order(1, '1'))
    expect(fake.crm.order('s', '1')?.contactId).toBe(three)
    await raw(fake, 'DELETE', contactPath('3'))
    expect([(await raw(fake, 'GET', contactPath('1'))).code, fake.crm.isErased(one)]).toEqual(['erased', true])
  }))

test('merge-identity-back: adding a merged identity to the survivor makes it writable again, behind its own version', () =>
  withFake({}, async (fake) => {
    const one = await put(fake, '1', {}, 50)
    const two = await put(fake, '2', {}, 3)
    fake.crm.merge(one, two)
    const stranger = await put(fake, '4')
    expect((await raw(fake, 'POST', `/contacts/${stranger}/external-ids`, { source: shop, id: '2' })).body['candidates']).toEqual([one])
    expect((await raw(fake, 'POST', `/contacts/${one}/external-ids`, { source: shop, id: '2' })).status).toBe(201)
    expect((await raw(fake, 'PUT', contactPath('2'), { sourceVersion: 2 })).code).toBe('stale')
    expect((await raw(fake, 'PUT', contactPath('2'), { sourceVersion: 4 })).body['id']).toBe(one)
  }))

test('merge-keeps-withdrawals: a withdrawal on either side survives a newer opt-in without evidence', () =>
  withFake({}, async (fake) => {
    const merged = async (one: object, other: object, nth: string): Promise<string | undefined> => {
      const survivor = await put(fake, `${nth}a`, { consents: [one] })
      fake.crm.merge(survivor, await put(fake, `${nth}b`, { consents: [other] }))
      return fake.crm.contact(survivor)?.consents[0]?.status
    }
    const withdrawn = consent('withdrawn', '2026-01-02T00:00:00Z')
    expect(await merged(consent('granted', '2026-01-03T00:00:00Z'), withdrawn, '1')).toBe('withdrawn')
    expect(await merged(withdrawn, consent('granted', '2026-01-03T00:00:00Z'), '2')).toBe('withdrawn')
    expect(await merged(consent('granted', '2026-01-03T00:00:00Z', { evidence: 'form 7' }), withdrawn, '3')).toBe('granted')
    expect(await merged(consent('granted', '2026-01-02T00:00:00Z'), consent('denied', '2026-01-02T00:00:00Z'), '4')).toBe('denied')
    expect(await merged(consent('denied', '2026-01-02T00:00:00Z'), consent('granted', '2026-01-02T00:00:00Z'), '5')).toBe('denied')
    expect(await merged(consent('unknown', '2026-01-03T00:00:00Z'), consent('denied', '2026-01-02T00:00:00Z'), '6')).toBe('denied')
  }))
