import fc from 'fast-check'
import { expect, test } from 'vitest'

import { graphql, raw } from '../raw.ts'
import { maxTokens, tokenize } from './lexer.ts'
import { parseDocument } from './parser.ts'
import { messageOf, operations, order, withShop } from './test-support.ts'

test('graphql-syntax: what cannot be parsed is refused inside a 200', () =>
  withShop({}, async (fake) => {
    const documents = [
      '',
      '{',
      '{ }',
      'subscription { a }',
      '{ searchOrder { ...f } }',
      '{ searchOrder { id } } }',
      '{ searchOrder(filter: ?) { id } }',
    ]
    for (const document of documents) {
      const reply = await graphql(fake, document)
      expect([document, reply.status, messageOf(reply)]).toEqual([document, 200, expect.stringContaining('nvalid syntax')])
    }
    const several = 'query A { searchOrder { id } } query B { searchOrder { storeOrderId } }'
    expect(messageOf(await graphql(fake, several))).toContain('operation name')
    expect((await raw(fake, 'POST', 'ecom/graphql', { query: several, operationName: 'B' })).one('data')).toEqual({ searchOrder: [] })
    expect(messageOf(await raw(fake, 'POST', 'ecom/graphql', { query: several, operationName: 'C' }))).toContain('Unknown operation')
    expect(messageOf(await graphql(fake, '{ a: searchOrder { id } b: searchOrder { id } }'))).toContain('one field')
    expect([(await raw(fake, 'POST', 'ecom/graphql', { variables: {} })).status, (await raw(fake, 'POST', 'ecom/graphql')).status]).toEqual(
      [400, 400],
    )
  }))

test('graphql-variables: variables are declared, required ones given, defaults used', () =>
  withShop({}, async (fake) => {
    expect(messageOf(await graphql(fake, '{ searchOrder(filter: $f) { id } }', { f: {} }))).toContain("Undefined variable 'f'")
    expect(messageOf(await graphql(fake, operations.upsert, {}))).toContain('Null value for NonNull')
    const reply = await graphql(fake, 'query ($n: Int = 0) { found: searchOrder(pagination: { limit: $n }) { id } }')
    expect(fake.requests.at(-1)?.rule).toBe('graphql-search-limit')
    expect(messageOf(reply)).toContain('limit')
  }))

test('graphql-unknown-field: fields, arguments and selections that the schema lacks are refused before anything is written', () =>
  withShop({}, async (fake) => {
    const variables = { orders: [order('1')] }
    for (const document of [
      'mutation ($orders: [O]) { bulkUpsertOrder(orders: $orders) { id } }',
      'query ($orders: [O]) { bulkUpsertOrders(orders: $orders) { id } }',
      'mutation ($orders: [O]) { bulkUpsertOrders(inputs: $orders) { id } }',
      'mutation ($orders: [O]) { bulkUpsertOrders(orders: $orders) { orderId } }',
      'mutation ($orders: [O]) { bulkUpsertOrders(orders: $orders) { lineItems } }',
      'mutation ($orders: [O]) { bulkUpsertOrders(orders: $orders) { lineItems { unitPrice } } }',
      'mutation ($orders: [O]) { bulkUpsertOrders(orders: $orders) { id { x } } }',
      'mutation ($orders: [O]) { bulkUpsertOrders(orders: $orders) }',
    ]) {
      await graphql(fake, document, variables)
      expect([document, fake.requests.at(-1)?.rule]).toEqual([document, 'graphql-unknown-field'])
    }
    expect([fake.account.settle(), fake.account.contacts()]).toEqual([0, []])
  }))

test('graphql-grammar-tokens: values inside the document count as tokens, variables do not', () =>
  withShop({}, async (fake) => {
    const inline = (count: number): string => {
      const one = '{ storeOrderId: "1", legacyConnectionId: 1, storeCreatedDate: "2026-11-20T10:00:00Z", finalAmount: 1.5 }'
      return `mutation { bulkUpsertOrders(orders: [${one.repeat(count)}]) { id } }`
    }
    const tokensOf = (count: number): number => tokenize(inline(count)).length
    const perOrder = tokensOf(2) - tokensOf(1)
    const fits = Math.floor((maxTokens - (tokensOf(1) - perOrder)) / perOrder)
    expect((await graphql(fake, inline(fits))).many('errors')).toEqual([])
    const reply = await graphql(fake, inline(fits + 1))
    expect([reply.status, messageOf(reply)]).toEqual([200, expect.stringContaining('More than 15000 grammar tokens')])
    const orders = Array.from({ length: 2000 }, (_, index) => order(String(index)))
    expect((await graphql(fake, operations.async, { orders })).many('errors')).toEqual([])
    expect(fake.requests.at(-1)?.inputs).toBe(2000)
  }))

test('any JSON value survives being written as a GraphQL value, except that decimals stay text', () => {
  const value = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,5}$/), tie('value'), { maxKeys: 3, noNullPrototype: true }),
    ),
  })).value
  const write = (input: unknown): string => {
    if (Array.isArray(input)) return `[${input.map(write).join(' ')}]`
    if (typeof input !== 'object' || input === null) return JSON.stringify(input)
    return `{${Object.entries(input)
      .map(([name, member]) => `${name}: ${write(member)}`)
      .join(',')}}`
  }
  const plain = (node: ReturnType<typeof first>): unknown => {
    if (node?.kind === 'constant') return node.value
    if (node?.kind === 'list') return node.items.map(plain)
    return node?.kind === 'object' ? Object.fromEntries([...node.members].map(([name, member]) => [name, plain(member)])) : node
  }
  const first = (document: string) => parseDocument(document)[0]?.selections[0]?.args.get('a')
  fc.assert(
    fc.property(value, (input) => {
      expect(plain(first(`{ f(a: ${write(input)}) { id } }`))).toEqual(input)
    }),
  )
})
