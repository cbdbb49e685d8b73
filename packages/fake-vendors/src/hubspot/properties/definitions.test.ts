import { expect, test } from 'vitest'

import { raw, withFake } from '../raw.ts'

const path = '/crm/properties/2026-03/contacts'
const base = { name: 'mr_a', label: 'A', type: 'string', fieldType: 'text', groupName: 'contactinformation' }
const option = (value: string, displayOrder = 0): object => ({ label: value, value, displayOrder, hidden: false })

test('property-required-fields: name, label, type, fieldType and groupName are needed', () =>
  withFake({}, async (fake) => {
    for (const missing of ['name', 'label', 'type', 'fieldType', 'groupName']) {
      const reply = await raw(fake, 'POST', path, { ...base, [missing]: undefined })
      expect([missing, reply.status, fake.requests.at(-1)?.rule]).toEqual([missing, 400, 'property-required-fields'])
    }
    expect((await raw(fake, 'POST', path, base)).body).toMatchObject({
      ...base,
      hasUniqueValue: false,
      hubspotDefined: false,
      archived: false,
    })
    expect((await raw(fake, 'GET', `${path}/mr_a`)).body).toMatchObject(base)
    expect((await raw(fake, 'GET', path)).results.map((property) => property['name'])).toContain('mr_a')
  }))

test('property-group-exists: the group must be there first', () =>
  withFake({}, async (fake) => {
    const grouped = { ...base, groupName: 'millrace' }
    expect((await raw(fake, 'POST', path, grouped)).status).toBe(400)
    expect((await raw(fake, 'POST', `${path}/groups`, { name: 'millrace', label: 'Millrace' })).status).toBe(201)
    expect((await raw(fake, 'POST', path, grouped)).status).toBe(201)
    expect((await raw(fake, 'GET', `${path}/groups`)).results.map((group) => group['name'])).toEqual(['contactinformation', 'millrace'])
    expect((await raw(fake, 'PATCH', `${path}/groups/millrace`, { label: 'Shop' })).body).toMatchObject({ label: 'Shop' })
    expect((await raw(fake, 'GET', '/crm/properties/2026-03/deals/groups/millrace')).status).toBe(404)
  }))

test('property-group-duplicate: a group of that name is a 409', () =>
  withFake({}, async (fake) => {
    expect((await raw(fake, 'POST', `${path}/groups`, { name: 'contactinformation', label: 'x' })).status).toBe(409)
  }))

test('property-group-in-use: a group with properties cannot be deleted', () =>
  withFake({}, async (fake) => {
    await raw(fake, 'POST', `${path}/groups`, { name: 'millrace', label: 'Millrace' })
    await raw(fake, 'POST', path, { ...base, groupName: 'millrace' })
    expect((await raw(fake, 'DELETE', `${path}/groups/millrace`)).status).toBe(400)
    await raw(fake, 'DELETE', `${path}/mr_a`)
    expect((await raw(fake, 'DELETE', `${path}/groups/millrace`)).status).toBe(204)
  }))

test('property-type-pairing: field types must fit the type', () =>
  withFake({}, async (fake) => {
    const pairs: Record<string, string[]> = {
      bool: ['booleancheckbox'],
      enumeration: ['booleancheckbox', 'checkbox', 'radio', 'select'],
      date: ['date'],
      datetime: ['date'],
      number: ['number'],
      string: ['text', 'textarea', 'html', 'phonenumber', 'file'],
      phone_number: ['phonenumber'],
    }
    const all = new Set(Object.values(pairs).flat())
    let index = 0
    for (const [type, allowed] of Object.entries(pairs)) {
      for (const fieldType of all) {
        const { status } = await raw(fake, 'POST', path, { ...base, name: `p${(index += 1)}`, type, fieldType })
        expect([type, fieldType, status]).toEqual([type, fieldType, allowed.includes(fieldType) ? 201 : 400])
      }
    }
    expect((await raw(fake, 'POST', path, { ...base, type: 'toString', fieldType: 'text' })).status).toBe(400)
  }))

test('property-name: lower-case letters, digits and underscores after a letter', () =>
  withFake({}, async (fake) => {
    for (const name of ['Order_Id', '1st', '_x', 'order-id', 'order id', 'größe'])
      expect([name, (await raw(fake, 'POST', path, { ...base, name })).status]).toEqual([name, 400])
    expect((await raw(fake, 'POST', path, { ...base, name: 'a1_b2' })).status).toBe(201)
  }))

test('property-name-length: at most 100 characters', () =>
  withFake({}, async (fake) => {
    expect((await raw(fake, 'POST', path, { ...base, name: 'a'.repeat(101) })).status).toBe(400)
    expect((await raw(fake, 'POST', path, { ...base, name: 'a'.repeat(100) })).status).toBe(201)
  }))

test('property-name-reserved: hs_ belongs to HubSpot', () =>
  withFake({}, async (fake) => {
    expect((await raw(fake, 'POST', path, { ...base, name: 'hs_mine' })).status).toBe(400)
  }))

test('property-name-immutable: a property keeps its name', () =>
  withFake({}, async (fake) => {
    await raw(fake, 'POST', path, base)
    expect((await raw(fake, 'PATCH', `${path}/mr_a`, { name: 'mr_b' })).status).toBe(400)
    expect((await raw(fake, 'PATCH', `${path}/mr_a`, { label: 'B', description: 'text' })).body).toMatchObject({
      name: 'mr_a',
      label: 'B',
      description: 'text',
    })
  }))

test('property-exists: creating it again is a 409, alone and in a batch', () =>
  withFake({}, async (fake) => {
    await raw(fake, 'POST', path, base)
    expect((await raw(fake, 'POST', path, base)).status).toBe(409)
    const batch = await raw(fake, 'POST', `${path}/batch/create`, { inputs: [base, { ...base, name: 'mr_b' }] })
    expect([batch.status, batch.results.map((property) => property['name'])]).toEqual([207, ['mr_b']])
    expect(batch.errors).toMatchObject([{ category: 'OBJECT_ALREADY_EXISTS', context: { name: ['mr_a'] } }])
  }))

test('property-not-found: reading and changing what is not there is a 404, archiving is a 204', () =>
  withFake({}, async (fake) => {
    expect((await raw(fake, 'GET', `${path}/nope`)).status).toBe(404)
    expect((await raw(fake, 'PATCH', `${path}/nope`, { label: 'x' })).status).toBe(404)
    expect((await raw(fake, 'DELETE', `${path}/nope`)).status).toBe(204)
    expect((await raw(fake, 'POST', `${path}/batch/read`, { inputs: [{ name: 'email' }, { name: 'nope' }] })).status).toBe(207)
    expect((await raw(fake, 'POST', `${path}/batch/archive`, { inputs: [{ name: 'nope' }] })).status).toBe(204)
  }))

test('property-option-complete: an option needs label, value, displayOrder and hidden', () =>
  withFake({}, async (fake) => {
    const select = { ...base, type: 'enumeration', fieldType: 'select' }
    for (const missing of ['label', 'value', 'displayOrder', 'hidden']) {
      const reply = await raw(fake, 'POST', path, { ...select, options: [{ ...option('a'), [missing]: undefined }] })
      expect([missing, reply.status]).toEqual([missing, 400])
    }
    expect((await raw(fake, 'POST', path, { ...select, options: [option('a')] })).status).toBe(201)
  }))

test('property-option-unique: values and labels are distinct', () =>
  withFake({}, async (fake) => {
    const select = { ...base, type: 'enumeration', fieldType: 'select' }
    expect((await raw(fake, 'POST', path, { ...select, options: [option('a'), option('a', 1)] })).status).toBe(400)
  }))

test('property-options-replaced: options that a change leaves out vanish', () =>
  withFake({}, async (fake) => {
    await raw(fake, 'POST', path, { ...base, type: 'enumeration', fieldType: 'select', options: [option('a'), option('b', 1)] })
    const reply = await raw(fake, 'PATCH', `${path}/mr_a`, { options: [option('c')] })
    expect(reply.body).toMatchObject({ options: [{ value: 'c' }] })
    expect((await raw(fake, 'POST', '/crm/objects/2026-03/contacts', { properties: { email: 'a@example.com', mr_a: 'a' } })).status).toBe(
      400,
    )
  }))

test('property-unique-max-10: ten unique properties per object type, the e-mail not counted', () =>
  withFake({}, async (fake) => {
    const create = async (index: number): Promise<number> =>
      (await raw(fake, 'POST', path, { ...base, name: `key_${index}`, hasUniqueValue: true })).status
    for (let index = 0; index < 10; index += 1) expect(await create(index)).toBe(201)
    expect(await create(10)).toBe(400)
    expect(
      (await raw(fake, 'POST', '/crm/properties/2026-03/deals', { ...base, groupName: 'dealinformation', hasUniqueValue: true })).status,
    ).toBe(201)
  }))

test('property-unique-type: only text and numbers can be unique', () =>
  withFake({}, async (fake) => {
    expect((await raw(fake, 'POST', path, { ...base, type: 'bool', fieldType: 'booleancheckbox', hasUniqueValue: true })).status).toBe(400)
  }))

test('property-unique-immutable: uniqueness is decided at creation', () =>
  withFake({}, async (fake) => {
    await raw(fake, 'POST', path, base)
    expect((await raw(fake, 'PATCH', `${path}/mr_a`, { hasUniqueValue: true })).status).toBe(400)
  }))

test("property-own-definition-read-only: HubSpot's own properties can neither be archived nor change type", () =>
  withFake({}, async (fake) => {
    expect((await raw(fake, 'DELETE', `${path}/email`)).status).toBe(400)
    expect((await raw(fake, 'PATCH', `${path}/email`, { type: 'number', fieldType: 'number' })).status).toBe(400)
  }))

test('property-batch-cap-100: 101 properties in one request are refused', () =>
  withFake({}, async (fake) => {
    const inputs = Array.from({ length: 101 }, (_, index) => ({ ...base, name: `p${index}` }))
    expect((await raw(fake, 'POST', `${path}/batch/create`, { inputs })).status).toBe(400)
    expect((await raw(fake, 'POST', `${path}/batch/create`, { inputs: inputs.slice(1) })).status).toBe(201)
  }))
