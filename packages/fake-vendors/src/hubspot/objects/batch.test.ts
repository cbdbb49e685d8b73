import { expect, test } from 'vitest'

import { objects, raw, upserts, withFake } from '../raw.ts'

const key = { name: 'mr_id', hasUniqueValue: true }
const upsertPath = objects('contacts', '/batch/upsert')

function contacts(count: number): object {
  return { inputs: Array.from({ length: count }, (_, index) => ({ properties: { email: `u${index}@example.com` } })) }
}

test('batch-cap-100: 100 inputs pass, 101 are refused as a whole, in every batch endpoint', () =>
  withFake({}, async (fake) => {
    const create = objects('contacts', '/batch/create')
    expect([(await raw(fake, 'POST', create, contacts(101))).status, fake.portal.count('contacts')]).toEqual([400, 0])
    expect([(await raw(fake, 'POST', create, contacts(100))).status, fake.portal.count('contacts')]).toEqual([201, 100])
    const many = { inputs: Array.from({ length: 101 }, (_, index) => ({ id: String(index), idProperty: 'email', properties: {} })) }
    for (const endpoint of ['read', 'update', 'upsert', 'archive']) {
      const reply = await raw(fake, 'POST', objects('contacts', `/batch/${endpoint}`), many)
      expect([endpoint, reply.status, fake.requests.at(-1)?.rule]).toEqual([endpoint, 400, 'batch-cap-100'])
    }
  }))

test('batch-empty: a batch without inputs is refused', () =>
  withFake({}, async (fake) => {
    expect((await raw(fake, 'POST', upsertPath, { inputs: [] })).status).toBe(400)
  }))

test('batch-status-codes: create 201, read, update and upsert 200, archive 204, missing rows 207', () =>
  withFake({}, async (fake) => {
    fake.portal.defineProperty('contacts', key)
    const id = fake.portal.create('contacts', { email: 'ada@example.com', mr_id: 'a' })
    const post = async (endpoint: string, body: object): Promise<number> =>
      (await raw(fake, 'POST', objects('contacts', `/batch/${endpoint}`), body)).status
    expect(await post('create', { inputs: [{ properties: { email: 'bob@example.com' } }] })).toBe(201)
    expect(await post('read', { inputs: [{ id }] })).toBe(200)
    expect(await post('read', { inputs: [{ id }, { id: '1' }] })).toBe(207)
    expect(await post('update', { inputs: [{ id, properties: { city: 'Bonn' } }] })).toBe(200)
    expect(await post('upsert', upserts('mr_id', { a: { city: 'Ulm' } }))).toBe(200)
    expect(await post('archive', { inputs: [{ id }, { id: '1' }] })).toBe(204)
    expect(fake.portal.get('contacts', id)).toBeUndefined()
  }))

test('batch-207-with-trace-ids: good rows are written, each bad one is listed under its trace id', () =>
  withFake({}, async (fake) => {
    fake.portal.defineProperty('contacts', key)
    const rows = {
      a: { email: 'a@example.com' },
      b: { email: 'not an email' },
      c: { email: 'c@example.com', nope: '1' },
      d: { email: 'd@example.com' },
    }
    const reply = await raw(fake, 'POST', upsertPath, upserts('mr_id', rows))
    expect(reply.status).toBe(207)
    expect(reply.body).toMatchObject({ status: 'COMPLETE', numErrors: 2 })
    expect(new Set(reply.results.map((result) => result['objectWriteTraceId']))).toEqual(new Set(['trace-a', 'trace-d']))
    expect(reply.errors).toMatchObject([
      { status: 'error', category: 'VALIDATION_ERROR', context: { objectWriteTraceId: ['trace-b'] }, errors: [{ code: 'INVALID_EMAIL' }] },
      {
        status: 'error',
        category: 'VALIDATION_ERROR',
        context: { objectWriteTraceId: ['trace-c'] },
        errors: [{ code: 'PROPERTY_DOESNT_EXIST' }],
      },
    ])
    expect(fake.portal.count('contacts')).toBe(2)
  }))

test('batch-whole-without-trace-ids: one bad row, or one row without a trace id, and nothing is written', () =>
  withFake({}, async (fake) => {
    fake.portal.defineProperty('contacts', key)
    const good = { a: { email: 'a@example.com' }, b: { email: 'b@example.com' } }
    const untraced = await raw(fake, 'POST', upsertPath, upserts('mr_id', { ...good, c: { nope: '1' }, d: { email: 'x' } }, false))
    expect([untraced.status, untraced.errors.map((error) => error['code'])]).toEqual([400, ['PROPERTY_DOESNT_EXIST', 'INVALID_EMAIL']])
    const partly = {
      inputs: [
        { idProperty: 'mr_id', id: 'a', properties: { email: 'a@example.com' } },
        { idProperty: 'mr_id', id: 'c', properties: { nope: '1' }, objectWriteTraceId: '1' },
      ],
    }
    expect((await raw(fake, 'POST', upsertPath, partly)).status).toBe(400)
    expect(fake.portal.count('contacts')).toBe(0)
  }))

test('batch-whole-without-trace-ids: rows that were written before a conflict are taken back', () =>
  withFake({}, async (fake) => {
    fake.portal.defineProperty('contacts', key)
    const ada = fake.portal.create('contacts', { email: 'ada@example.com', city: 'Bonn', mr_id: 'ada' })
    fake.portal.create('contacts', { email: 'taken@example.com' })
    const rows = {
      ada: { city: 'Ulm', email: 'moved@example.com' },
      new: { email: 'new@example.com' },
      bad: { email: 'TAKEN@example.com' },
    }
    const reply = await raw(fake, 'POST', upsertPath, upserts('mr_id', rows, false))
    expect([reply.status, reply.message]).toEqual([409, expect.stringMatching(/^Contact already exists\. Existing ID: \d+$/)])
    expect(fake.portal.count('contacts')).toBe(2)
    expect(fake.portal.get('contacts', ada)?.properties).toEqual({ email: 'ada@example.com', city: 'Bonn', mr_id: 'ada' })
    expect(fake.portal.contactOf('moved@example.com')).toBeUndefined()
    expect((await raw(fake, 'POST', upsertPath, upserts('mr_id', { new: { email: 'new@example.com' } }, false))).status).toBe(200)
  }))

test('batch-update-unknown-id: unknown ids are listed together and without trace ids', () =>
  withFake({}, async (fake) => {
    const id = fake.portal.create('contacts', { email: 'ada@example.com' })
    const inputs = [id, '404', '405'].map((each) => ({ id: each, properties: { city: 'Ulm' }, objectWriteTraceId: `t${each}` }))
    const reply = await raw(fake, 'POST', objects('contacts', '/batch/update'), { inputs })
    expect([reply.status, reply.results.length]).toEqual([207, 1])
    expect(reply.errors).toEqual([expect.objectContaining({ category: 'OBJECT_NOT_FOUND', context: { ids: ['404', '405'] } })])
  }))

test('batch-unordered-results: results come in another order than the inputs, the same one for the same seed', async () => {
  const order = async (seed: number): Promise<unknown[]> => {
    let traces: unknown[] = []
    await withFake({ seed }, async (fake) => {
      fake.portal.defineProperty('contacts', key)
      const rows = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, { email: `u${index}@example.com` }]))
      traces = (await raw(fake, 'POST', upsertPath, upserts('mr_id', rows))).results.map((result) => result['objectWriteTraceId'])
    })
    return traces
  }
  const first = await order(7)
  expect(first).not.toEqual(Array.from({ length: 50 }, (_, index) => `trace-k${index}`))
  expect(await order(7)).toEqual(first)
  expect(await order(8)).not.toEqual(first)
})

test('batch-duplicate-ids: the whole request is refused, e-mails compared without case and space', () =>
  withFake({}, async (fake) => {
    fake.portal.defineProperty('contacts', key)
    const twice = (idProperty: string, first: string, second: string): object => ({
      inputs: [first, second, 'z@example.com'].map((id, index) => ({
        idProperty,
        id,
        properties: { email: `m${index}@example.com` },
        objectWriteTraceId: String(index),
      })),
    })
    const reply = await raw(fake, 'POST', upsertPath, twice('mr_id', 'X', 'X'))
    expect([reply.status, reply.message]).toEqual([400, 'Duplicate IDs found in batch input: [X]. IDs must be unique'])
    expect((await raw(fake, 'POST', upsertPath, twice('email', 'ada@example.com', ' ADA@example.com'))).status).toBe(400)
    expect((await raw(fake, 'POST', upsertPath, twice('mr_id', 'x', 'X'))).status).toBe(200)
    expect(fake.portal.count('contacts')).toBe(3)
  }))

test('batch-two-ids-one-record: an old and a new id of a merged record cannot stand in one batch', () =>
  withFake({}, async (fake) => {
    const [a, b] = ['a', 'b'].map((name) => fake.portal.create('contacts', { email: `${name}@example.com` }))
    const merged = await raw(fake, 'POST', objects('contacts', '/merge'), { primaryObjectId: a, objectIdToMerge: b })
    expect(merged.status).toBe(200)
    const inputs = [a, b].map((id) => ({ id, properties: { city: 'Ulm' }, objectWriteTraceId: id }))
    const reply = await raw(fake, 'POST', objects('contacts', '/batch/update'), { inputs })
    expect([reply.status, fake.requests.at(-1)?.rule]).toEqual([400, 'batch-two-ids-one-record'])
  }))

test('upsert-result-shape: a result tells id, whether it is new, what was written, and its trace id', () =>
  withFake({ now: () => Date.UTC(2026, 0, 2) }, async (fake) => {
    fake.portal.defineProperty('contacts', key)
    const send = async (): Promise<unknown> =>
      (await raw(fake, 'POST', upsertPath, upserts('mr_id', { a: { email: 'a@example.com', city: 'Ulm' } }))).results[0]
    const created = await send()
    const id = fake.portal.contactOf('a@example.com')?.id
    expect(created).toEqual({
      id,
      new: true,
      objectWriteTraceId: 'trace-a',
      archived: false,
      createdAt: '2026-01-02T00:00:00.000Z',
      updatedAt: '2026-01-02T00:00:00.000Z',
      properties: {
        hs_object_id: id,
        mr_id: 'a',
        email: 'a@example.com',
        city: 'Ulm',
        createdate: '2026-01-02T00:00:00.000Z',
        lastmodifieddate: '2026-01-02T00:00:00.000Z',
      },
    })
    expect(await send()).toMatchObject({ id, new: false })
  }))

test('upsert-no-associations: an upsert that carries associations is refused as a whole', () =>
  withFake({}, async (fake) => {
    fake.portal.defineProperty('contacts', key)
    const inputs = [{ idProperty: 'mr_id', id: 'a', properties: { email: 'a@example.com' }, associations: [], objectWriteTraceId: '1' }]
    expect([(await raw(fake, 'POST', upsertPath, { inputs })).status, fake.portal.count('contacts')]).toEqual([400, 0])
  }))

test('upsert-by-email-partial: properties that are not named are lost, unless the portal is told to keep them', async () => {
  for (const [partialUpsertByEmail, city] of [
    ['blank', undefined],
    ['keep', 'Ulm'],
  ] as const) {
    await withFake({ partialUpsertByEmail }, async (fake) => {
      const id = fake.portal.create('contacts', { email: 'ada@example.com', city: 'Ulm', firstname: 'Ada' })
      expect((await raw(fake, 'POST', upsertPath, upserts('email', { 'ada@example.com': { firstname: 'A.' } }))).status).toBe(200)
      expect([fake.portal.get('contacts', id)?.properties['city'], fake.portal.get('contacts', id)?.properties['firstname']]).toEqual([
        city,
        'A.',
      ])
    })
  }
})

test('upsert-by-email-partial: upserts by an own key keep what they do not name', () =>
  withFake({}, async (fake) => {
    fake.portal.defineProperty('contacts', key)
    const id = fake.portal.create('contacts', { email: 'ada@example.com', city: 'Ulm', mr_id: 'a' })
    await raw(fake, 'POST', upsertPath, upserts('mr_id', { a: { firstname: 'Ada' } }))
    expect(fake.portal.get('contacts', id)?.properties).toEqual({ email: 'ada@example.com', city: 'Ulm', mr_id: 'a', firstname: 'Ada' })
  }))

test('id-property-unique: only properties that admit to be unique can be keys', () =>
  withFake({}, async (fake) => {
    fake.portal.defineProperty('contacts', { name: 'plain' })
    for (const idProperty of ['plain', 'firstname', 'hs_object_id', 'nope']) {
      const reply = await raw(fake, 'POST', upsertPath, upserts(idProperty, { a: { email: 'a@example.com' } }))
      expect([reply.status, reply.message]).toEqual([
        400,
        expect.stringMatching(/^Unable to perform update\/upsert by non-unique 0-1 property/),
      ])
    }
    const id = fake.portal.create('contacts', { email: 'ada@example.com' })
    const byRecordId = { inputs: [{ id, idProperty: 'hs_object_id', properties: { city: 'Ulm' } }] }
    expect((await raw(fake, 'POST', objects('contacts', '/batch/update'), byRecordId)).status).toBe(400)
    const skus = await raw(fake, 'POST', objects('products', '/batch/upsert'), upserts('hs_sku', { s: { name: 'Shoe' } }))
    expect(skus.status).toBe(400)
  }))

test('id-property-one-per-request: two id properties in one batch are refused', () =>
  withFake({}, async (fake) => {
    fake.portal.defineProperty('contacts', key)
    const inputs = [
      { idProperty: 'mr_id', id: 'a', properties: { email: 'a@example.com' } },
      { idProperty: 'email', id: 'b@example.com', properties: {} },
    ]
    expect([(await raw(fake, 'POST', upsertPath, { inputs })).status, fake.requests.at(-1)?.rule]).toEqual([
      400,
      'id-property-one-per-request',
    ])
  }))

test('read-by-id-property: reads by e-mail and by own key, with null for what is not set', () =>
  withFake({}, async (fake) => {
    fake.portal.defineProperty('contacts', key)
    const id = fake.portal.create('contacts', { email: 'Ada@Example.com', mr_id: 'a' })
    const read = (body: object): ReturnType<typeof raw> => raw(fake, 'POST', objects('contacts', '/batch/read'), body)
    const byEmail = await read({
      idProperty: 'email',
      properties: ['mr_id', 'city', 'no_such'],
      inputs: [{ id: 'ADA@example.com' }, { id: 'nobody@example.com' }],
    })
    expect(byEmail.status).toBe(207)
    expect(byEmail.results).toMatchObject([{ id, properties: { mr_id: 'a', city: null, hs_object_id: id } }])
    expect(byEmail.results[0]?.['properties']).not.toHaveProperty('no_such')
    expect(byEmail.errors).toMatchObject([{ category: 'OBJECT_NOT_FOUND', context: { ids: ['nobody@example.com'] } }])
    expect((await read({ idProperty: 'mr_id', inputs: [{ id: 'a' }] })).results).toHaveLength(1)
    expect((await read({ idProperty: 'city', inputs: [{ id: 'a' }] })).status).toBe(400)
  }))

test('read-by-id-property: histories name every value with its time and origin, newest first', async () => {
  let now = Date.UTC(2026, 0, 1)
  await withFake({ now: () => now }, async (fake) => {
    const id = fake.portal.create('contacts', { email: 'ada@example.com', city: 'Ulm' })
    now += 1000
    await raw(fake, 'PATCH', objects('contacts', `/${id}`), { properties: { city: 'Bonn' } })
    const reply = await raw(fake, 'POST', objects('contacts', '/batch/read'), { propertiesWithHistory: ['city'], inputs: [{ id }] })
    expect(reply.results[0]?.['propertiesWithHistory']).toEqual({
      city: [
        { value: 'Bonn', timestamp: '2026-01-01T00:00:01.000Z', sourceType: 'INTEGRATION' },
        { value: 'Ulm', timestamp: '2026-01-01T00:00:00.000Z', sourceType: 'CRM_UI' },
      ],
    })
  })
})

test('list-cap-100: pages of at most 100 in creation order, with a cursor until the end', () =>
  withFake({}, async (fake) => {
    const ids = Array.from({ length: 205 }, (_, index) => fake.portal.create('contacts', { email: `u${index}@example.com` }))
    fake.portal.archive('contacts', ids[3] ?? '')
    const seen: unknown[] = []
    let after: string | undefined = ''
    while (after !== undefined) {
      const page = await raw(fake, 'GET', objects('contacts', `?limit=100${after === '' ? '' : `&after=${after}`}`))
      seen.push(...page.results.map((result) => result['id']))
      after = /"after":"(\d+)"/.exec(JSON.stringify(page.body))?.[1]
    }
    expect(seen).toEqual(ids.filter((id) => id !== ids[3]))
    expect((await raw(fake, 'GET', objects('contacts', '?limit=101'))).status).toBe(400)
  }))

test('conflict-existing-id: an e-mail in use conflicts and names the holder, in each of the three forms', () =>
  withFake({}, async (fake) => {
    const id = fake.portal.create('contacts', { email: 'ada@example.com' })
    const one = await raw(fake, 'POST', objects('contacts'), { properties: { email: 'ADA@example.com' } })
    expect([one.status, one.body]).toEqual([
      409,
      expect.objectContaining({ status: 'error', category: 'CONFLICT', message: `Contact already exists. Existing ID: ${id}` }),
    ])
    expect(one.body).not.toHaveProperty('context')
    const inputs = [{ properties: { email: 'ada@example.com' } }, { properties: { email: 'new@example.com' } }]
    const whole = await raw(fake, 'POST', objects('contacts', '/batch/create'), { inputs })
    expect([whole.status, whole.message, fake.portal.count('contacts')]).toEqual([409, `Contact already exists. Existing ID: ${id}`, 1])
    const traced = inputs.map((input, index) => ({ ...input, objectWriteTraceId: `t${index}` }))
    const rows = await raw(fake, 'POST', objects('contacts', '/batch/create'), { inputs: traced })
    expect([rows.status, rows.results.length]).toEqual([207, 1])
    expect(rows.errors).toMatchObject([{ category: 'CONFLICT', context: { objectWriteTraceId: ['t0'], existingId: [id] } }])
  }))

test('unique-value-taken: a value that another record holds is refused with both ids', () =>
  withFake({ portalId: 9 }, async (fake) => {
    fake.portal.defineProperty('contacts', key)
    const holder = fake.portal.create('contacts', { email: 'ada@example.com', mr_id: 'a' })
    const other = fake.portal.create('contacts', { email: 'bob@example.com' })
    const reply = await raw(fake, 'PATCH', objects('contacts', `/${other}`), { properties: { mr_id: 'a' } })
    const coordinates = 'PropertyValueCoordinates{portalId=9, objectTypeId=0-1, propertyName=mr_id, value=a}'
    expect([reply.status, reply.message]).toEqual([400, `Cannot set ${coordinates} on ${other}. ${holder} already has that value.`])
    await raw(fake, 'PATCH', objects('contacts', `/${holder}`), { properties: { mr_id: '' } })
    expect((await raw(fake, 'PATCH', objects('contacts', `/${other}`), { properties: { mr_id: 'a' } })).status).toBe(200)
  }))

test('batch-read-history-cap-50: a read with histories takes fewer rows', () =>
  withFake({}, async (fake) => {
    const inputs = Array.from({ length: 51 }, (_, index) => ({ id: fake.portal.create('contacts', { email: `p${index}@example.com` }) }))
    const read = (rows: object[], more: object) =>
      raw(fake, 'POST', objects('contacts', '/batch/read'), { inputs: rows, properties: ['email'], ...more })
    expect((await read(inputs, {})).status).toBe(200)
    expect((await read(inputs, { propertiesWithHistory: ['email'] })).status).toBe(400)
    expect((await read(inputs.slice(1), { propertiesWithHistory: ['email'] })).results).toHaveLength(50)
  }))
