import { describe, expect, it } from 'vitest'
import type { ContractExample } from '../../api/contract-report.ts'
import type { ContractOverride } from '../../contract/contract.ts'
import { contractCsv, contractMarkdown } from '../../contract/docs/render.ts'
import { holds, mapValues, path, template } from '../../contract/expression.ts'
import { exists, is } from '../../contract/predicate.ts'
import { createMillrace } from '../../create-millrace.ts'
import { MillraceError } from '../../error.ts'
import { customerSchema, type Customer } from '../../model/customer.ts'
import { orderSchema } from '../../model/order.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../../testing/index.ts'

const at = '2026-05-01T00:00:00.000Z'
const customer = (id: string, over: Partial<Customer> = {}): Customer =>
  customerSchema.parse({ entity: 'customer', id, createdAt: at, modifiedAt: at, email: `${id}@example.com`, lastName: id, ...over })

const world = (examples: ContractExample[] = []) => {
  const shop = scriptedSource()
  const crm = recordingDestination()
  const store = memoryStore()
  const open = (contract: ContractOverride = {}, actor = 'ada') =>
    createMillrace({ sources: { shop }, connections: { crm: { destination: crm, contract, examples } }, store, actor })
  return { shop, crm, open }
}
const greeting = (template_: string): ContractOverride => ({
  objects: { contact: { fields: { greeting: { type: 'string', value: template(template_), purpose: 'Salutation, =HYPERLINK("x")' } } } },
})

describe('contract diff', () => {
  it('names exactly the records and fields that would change, asks nobody, and holds no values', async () => {
    const { shop, crm, open } = world()
    for (let index = 0; index < 10; index += 1) shop.put(customer(`c${index}`, index < 3 ? { locale: 'de' } : {}))
    await open().sync()
    const calls = crm.inputs.length
    const contract: ContractOverride = {
      objects: { contact: { fields: { language: { type: 'string', value: mapValues(path('language'), { de: 'German' }) } } } },
    }
    const diff = await open(contract).contracts.diff('crm')
    expect(diff.objects['contact']).toEqual({ records: 10, changed: 3, unchanged: 7, archived: 0, fields: { language: 3 }, notSent: {} })
    expect(diff.examples).toEqual(
      ['c0', 'c1', 'c2'].map((id) => ({ object: 'contact', unit: `customer:shop:${id}`, fields: ['language'] })),
    )
    expect(diff.from).not.toBe(diff.to)
    expect(JSON.stringify(diff)).not.toContain('German')
    expect(crm.inputs).toHaveLength(calls)
    // And that is what the next pass does.
    expect((await open(contract).sync()).connections['crm']).toMatchObject({ updated: 3, unchanged: 7 })
    expect((await open(contract).contracts.diff('crm')).objects['contact']).toMatchObject({ changed: 0, unchanged: 10 })
  })

  it('counts what would not be sent by its reason', async () => {
    const { shop, open } = world()
    for (let index = 0; index < 4; index += 1) shop.put(customer(`c${index}`, index === 0 ? {} : { phone: 'none' }))
    await open().sync()
    const phone = { type: 'integer' as const, value: path('custom.x'), required: true }
    const diff = await open({ objects: { contact: { fields: { phone } } } }).contracts.diff('crm')
    expect(diff.objects['contact']).toMatchObject({ changed: 0, notSent: { required_missing: 4 } })
    const narrow = await open({ include: { person: exists('phone') } }).contracts.diff('crm')
    expect(narrow.objects['contact']).toMatchObject({ unchanged: 3, notSent: { left_scope: 1 } })
    const without = await open({ objects: { contact: false } }).contracts.diff('crm')
    expect(without.objects['contact']).toMatchObject({ records: 4, notSent: { object_dropped: 4 } })
  })
})

describe('plan', () => {
  it('counts what a route and an inclusion take', async () => {
    const { shop, open } = world()
    shop.put(customer('a', { locale: 'de' }))
    shop.put(customer('b', { locale: 'fr' }))
    shop.put(customer('c', { locale: 'de', groups: [{ id: 'g', key: 'test' }] }))
    const contract: ContractOverride = { route: { locales: ['de'] }, include: { person: { test: 'not', of: is('groups.key', 'test') } } }
    await open(contract).sync()
    expect((await open(contract).plan()).connections['crm']?.routed).toEqual({
      contact: { taken: 1, outsideRoute: 1, notIncluded: 1, leaving: 0 },
    })
    expect((await open().plan()).connections['crm']).toEqual({ changes: [] })
    expect((await open({ route: { locales: ['fr'] } }).plan()).connections['crm']?.routed?.['contact']).toMatchObject({ leaving: 1 })
  })
})

describe('contract versions', () => {
  it('are kept whole with date and person, and status names the active one', async () => {
    const { open } = world()
    await open(greeting('Hi {firstName}'), 'ada').sync()
    await open(greeting('Dear {lastName}'), 'bob').sync()
    const versions = await open(greeting('Dear {lastName}')).contracts.versions('crm')
    expect(versions.map(({ actor, active }) => [actor, active])).toEqual([
      ['bob', true],
      ['ada', false],
    ])
    expect(JSON.stringify(versions[1]?.contract)).toContain('Hi {firstName}')
    const status = await open(greeting('Hello')).status()
    expect(status.connections['crm']?.contract).toEqual({
      hash: versions[0]?.hash,
      since: versions[0]?.since,
      actor: 'bob',
      next: expect.not.stringMatching(versions[0]?.hash ?? ''),
    })
  })
})

describe('contract test', () => {
  const person = { entity: 'customer' as const, id: 'a', email: 'a@example.com', firstName: 'Ada', lastName: 'Love', locale: 'de' }
  const order = {
    entity: 'order' as const,
    id: 'o1',
    customerId: 'a',
    gross: { currency: 'EUR', amount: '5.00' },
    refunded: { currency: 'EUR', amount: '0.00' },
  }
  const contract: ContractOverride = {
    memberships: [{ kind: 'list', name: 'german', value: holds(is('language', 'de')) }],
    include: { person: exists('email') },
  }

  it('compares what is named, of people with their orders, orders and refusals', async () => {
    const { open } = world([
      {
        name: 'a buyer',
        object: 'contact',
        records: [person, order],
        expect: { fields: { name: 'Ada Love', orders: 1 }, memberships: ['list:german'] },
      },
      { name: 'an order', object: 'deal', records: [order], expect: { fields: { amount: '5.00', stage: 'placed' } } },
      { name: 'nobody', object: 'contact', records: [{ ...person, email: '' }], expect: { code: 'not_included' } },
    ])
    expect(await open(contract).contracts.test()).toEqual([{ connection: 'crm', passed: 3, failed: [] }])
  })

  it('says what differs, and what is no record', async () => {
    const { open } = world([
      { name: 'wrong', object: 'contact', records: [person], expect: { fields: { name: 'Ada' }, memberships: [] } },
      { name: 'refused', object: 'contact', records: [{ ...person, email: '' }], expect: {} },
      { name: 'broken', object: 'deal', records: [{ entity: 'order', id: 'o2' }], expect: {} },
      { name: 'unknown', object: 'ticket', records: [person], expect: {} },
    ])
    const [report] = await open(contract).contracts.test('crm')
    expect(report?.failed.map(({ name, problems }) => [name, problems[0]])).toEqual([
      ['wrong', 'name should be "Ada" and is "Ada Love"'],
      ['refused', 'it should be sent and ends as not_included'],
      ['broken', expect.stringContaining('order o2: gross: ')],
      ['unknown', 'the contract has no object ticket'],
    ])
  })
})

describe('contract docs', () => {
  it('write down source, transform, type, owner, purpose and a made-up example', async () => {
    const { open } = world()
    const docs = await open(greeting('Dear {lastName}')).contracts.docs('crm')
    expect(docs.mapping.find(({ field }) => field === 'greeting')).toEqual({
      object: 'contact',
      field: 'greeting',
      label: '',
      type: 'string',
      own: true,
      sources: ['lastName'],
      rule: 'template("Dear {lastName}")',
      owner: 'source',
      blank: 'keep',
      required: false,
      options: [],
      consent: '',
      purpose: 'Salutation, =HYPERLINK("x")',
      example: 'Dear Muster',
    })
    expect(docs.mapping.find(({ object }) => object === 'deal / line')).toMatchObject({ field: 'sku', example: 'SHIRT-M' })
    expect(docs.processing.map(({ object, purpose }) => [object, purpose])).toContainEqual(['contact', 'not stated'])
    const text = contractMarkdown(docs)
    for (const title of ['## Mapping sheet', '## Property dictionary', '## Record of processing']) expect(text).toContain(title)
  })

  it('are safe in spreadsheets and tables', async () => {
    const { open } = world()
    const rule = { type: 'string', value: path('email'), purpose: '=1+1', label: 'a|b\n"c"' } as const
    const docs = await open({ objects: { contact: { fields: { '-x': rule } } } }).contracts.docs('crm')
    const rows = contractCsv(docs, 'dictionary').split('\r\n')
    expect(rows).toContain(`contact,'-x,"a|b\n""c""",string,,,'=1+1`)
    expect(contractMarkdown(docs)).toContain('| contact | -x | a\\|b "c" | string |')
  })
})

describe('contract types', () => {
  it('know the paths of views, the custom fields of the store and the fields of destinations', async () => {
    const { shop, open } = world()
    shop.put(customer('a', { custom: { 'loyalty-tier': 'gold' } }))
    shop.put(
      orderSchema.parse({
        entity: 'order',
        id: 'o',
        createdAt: at,
        modifiedAt: at,
        placedAt: at,
        gross: { currency: 'EUR', amount: '1.00' },
        refunded: { currency: 'EUR', amount: '0.00' },
        custom: { gift: true },
      }),
    )
    await open().sync()
    const text = await open().contracts.types()
    for (const known of ['| "billingAddress.city"', '| "custom.loyalty-tier"', '| "custom.gift"', '| "signals.orderCount"'])
      expect(text).toContain(known)
    expect(text).toMatch(/"contact": .*"email".*\| "name"/)
  })

  it('know what the shop defines with what it holds, also what no record has used', async () => {
    const { shop, open } = world()
    shop.put(customer('a', { custom: { gone: true } }))
    await open().sync()
    shop.describe = async () => [
      { path: 'custom.tier', kind: { kind: 'text', values: ['basic', 'go\nld\u2028'] } },
      { path: 'custom.tier', kind: { kind: 'number' } },
      { path: 'attributes.colours', kind: { kind: 'list', of: { kind: 'object', fields: { key: { kind: 'text' } } } } },
      { path: 'attributes.deposit', kind: { kind: 'money' } },
    ]
    const text = await open().contracts.types()
    const lines = text.split(/[\n\u2028]/).map((line) => line.trim())
    expect(lines).toContain('| "custom.tier" // "basic" | "go\\nld ", or number')
    for (const line of [
      '| "attributes.colours.key" // text',
      '| "attributes.deposit.amount" // decimal',
      '| "signals.orderCount" // integer',
    ])
      expect(lines).toContain(line)
    expect(text).not.toContain('custom.gone')
  })

  it('fall back to the records when the shop does not answer', async () => {
    const { shop, open } = world()
    shop.put(customer('a', { custom: { used: true } }))
    await open().sync()
    shop.describe = () => Promise.reject(new MillraceError({ code: 'source_scope_missing', message: 'It may not be read.' }))
    expect(await open().contracts.types()).toContain('"custom.used" // known when records are read')
  })
})
