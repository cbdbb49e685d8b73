import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { FakeCommercetools } from './index.ts'
import { startFakeCommercetools } from './index.ts'
import { fetchToken, get, readByKeyset } from './test-support.ts'

const START = Date.parse('2026-01-01T00:00:00.000Z')
const CUSTOMERS = 2000

let shop: FakeCommercetools
let token: string

beforeAll(async () => {
  shop = await startFakeCommercetools({ scopes: ['manage_project'], now: () => START })
  for (let index = 0; index < CUSTOMERS; index += 1) {
    // Seven customers share each millisecond, and what is written first is not what is oldest.
    const at = new Date(START - Math.floor(((index * 7919) % CUSTOMERS) / 7)).toISOString()
    const email = `c${index}@example.com`
    const stores = index % 3 === 0 ? [] : [{ typeId: 'store', key: index % 3 === 1 ? 'de' : 'jp' }]
    shop.project.add('customer', {
      id: randomUUID(),
      email,
      stores,
      lastModifiedAt: at,
      createdAt: at,
      addresses: [],
      lastName: `L"${index % 10}"`,
    })
  }
  shop.project.add('product-type', { id: 'type', key: 'type', attributes: [] })
  for (let index = 0; index < 40; index += 1) {
    const data = {
      name: { en: `P${index}` },
      slug: { en: `p${index}` },
      categories: [],
      variants: [],
      masterVariant: {
        id: 1,
        sku: `s${index}`,
        prices: [],
        images: [],
        attributes: [{ name: 'color', value: index % 2 === 0 ? 'red' : 'blue' }],
      },
    }
    shop.project.add('product', {
      id: randomUUID(),
      key: `p${index}`,
      productType: { typeId: 'product-type', id: 'type' },
      masterData: { published: index % 2 === 0, hasStagedChanges: false, current: data, staged: data },
    })
  }
  for (let index = 0; index < 10; index += 1) {
    const store = { typeId: 'store', key: index < 4 ? 'de' : 'jp' }
    const paymentInfo = {
      payments: [
        { typeId: 'payment', id: `gone-${index}` },
        { typeId: 'payment', id: 'pay' },
      ],
    }
    shop.project.add('order', {
      id: `order-${index}`,
      store,
      paymentInfo,
      customLineItems: index === 0 ? [{ id: 'x' }] : [],
      lineItems: [],
    })
  }
  shop.project.add('payment', { id: 'pay', transactions: [] })
  token = await fetchToken(shop)
})

afterAll(() => shop.close())

const read = (path: string, parameters: string[][] = []): ReturnType<typeof get> => get(shop, path, parameters, token)

describe('sorting and keyset reads', () => {
  test('CT-SORT-1 repeated sort parameters sort a list', async () => {
    const { body } = await read('/customers', [
      ['sort', 'lastModifiedAt desc'],
      ['sort', 'id asc'],
      ['limit', '500'],
    ])
    const seen = body.results.map((row) => [row.lastModifiedAt, row.id] as const)
    const sorted = seen.toSorted(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a > b ? -1 : 1))
    expect(seen).toEqual(sorted)
    expect(new Set(seen.map(([at]) => at)).size).toBeGreaterThan(50)
  })

  test('CT-SORT-2 a comma list is refused', async () => {
    expect((await read('/customers', [['sort', 'lastModifiedAt asc,id asc']])).status).toBe(400)
    expect((await read('/customers', [['sort', 'lastModifiedAt up']])).status).toBe(400)
  })

  test('CT-SORT-3 an unknown sort field is refused and the sortable ones are named', async () => {
    const { status, body } = await read('/customers', [['sort', 'lastModified asc']])
    expect(status).toBe(400)
    expect(body['message']).toMatch(
      /^Malformed parameter: sort: Invalid query field 'lastModified' in sort path\. Sortable fields are: .*`lastModifiedAt`/u,
    )
  })

  test.each([1, 7, 20, 499, 500].map((size) => [size]))('CT-KEYSET-1 pages of %i bring 2,000 of 2,000 customers in order', async (size) => {
    const expected = CUSTOMERS
    // One row per request is read over the first hundred only; the other sizes read everything.
    const rows = size === 1 ? await readFirst(100) : await readByKeyset(shop, '/customers', size)
    expect(rows.length).toBe(size === 1 ? 100 : expected)
    expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length)
    const keys = rows.map((row) => `${row.lastModifiedAt} ${row.id}`)
    expect(keys).toEqual(keys.toSorted())
  })

  test('CT-KEYSET-1 where a page starts does not depend on how the predicate is written', async () => {
    const middle = (
      await read('/customers', [
        ['sort', 'lastModifiedAt asc'],
        ['sort', 'id asc'],
        ['limit', '1'],
        ['offset', '1000'],
      ])
    ).body.results[0]
    const at = middle?.lastModifiedAt ?? ''
    const sort = [
      ['sort', 'lastModifiedAt asc'],
      ['sort', 'id asc'],
      ['limit', '500'],
    ]
    const ids = async (...where: string[]): Promise<string[]> =>
      (await read('/customers', [...where.map((text) => ['where', text]), ...sort])).body.results.map((row) => row.id)
    const expected = await ids(`not(lastModifiedAt < "${at}")`)
    expect(expected).toHaveLength(500)
    expect(await ids(`lastModifiedAt >= "${at}"`)).toEqual(expected)
    expect(await ids(`lastModifiedAt >= "${at}"`, 'lastModifiedAt > "1999-01-01T00:00:00.000Z"')).toEqual(expected)
    expect(await ids(`lastModifiedAt > "${at}" or lastModifiedAt = "${at}"`)).toEqual(expected)
    expect(await ids(`lastModifiedAt >= "${at.replace('Z', '+00:00')}"`)).toEqual(expected)
    expect(await ids(`lastModifiedAt >= "${at}" or firstName = "nobody"`)).toEqual(expected)
    expect(await ids(`firstName is not defined and lastModifiedAt >= "${at}"`)).toEqual(expected)
    const all = await ids(`lastModifiedAt >= "${at}" or email is defined`)
    expect(all[0]).not.toBe(expected[0])
  })

  test('CT-KEYSET-2 a read by id brings every customer once', async () => {
    const ids: string[] = []
    for (;;) {
      const where = ids.length === 0 ? [] : [['where', `id > "${ids.at(-1)}"`]]
      const { body } = await read('/customers', [...where, ['sort', 'id asc'], ['limit', '300'], ['withTotal', 'false']])
      ids.push(...body.results.map((row) => row.id))
      if (body.results.length < 300) break
    }
    expect(new Set(ids).size).toBe(CUSTOMERS)
    expect(ids).toEqual(ids.toSorted())
  })
})

async function readFirst(count: number): ReturnType<typeof readByKeyset> {
  const rows: Awaited<ReturnType<typeof readByKeyset>> = []
  while (rows.length < count) {
    const last = rows.at(-1)
    const where =
      last === undefined
        ? []
        : [['where', `lastModifiedAt > "${last.lastModifiedAt}" or (lastModifiedAt = "${last.lastModifiedAt}" and id > "${last.id}")`]]
    const { body } = await read('/customers', [...where, ['sort', 'lastModifiedAt asc'], ['sort', 'id asc'], ['limit', '1']])
    rows.push(...body.results)
  }
  return rows
}

describe('paging parameters', () => {
  test('CT-LIMIT-1 limit defaults to 20 and ends at 500', async () => {
    expect((await read('/customers')).body.results).toHaveLength(20)
    expect((await read('/customers', [['limit', '500']])).body.results).toHaveLength(500)
    const refused = await read('/customers', [['limit', '501']])
    expect([refused.status, refused.body['errors']]).toEqual([400, [expect.objectContaining({ code: 'InvalidInput' })]])
    for (const limit of ['-1', 'many', '1.5']) expect((await read('/customers', [['limit', limit]])).status).toBe(400)
    expect((await read('/product-projections', [['limit', '501']])).status).toBe(400)
  })

  test('CT-LIMIT-2 offset ends at 10,000', async () => {
    expect((await read('/customers', [['offset', '10000']])).status).toBe(200)
    expect((await read('/customers', [['offset', '10001']])).status).toBe(400)
  })

  test('CT-TOTAL-1 total is absent with withTotal=false only', async () => {
    expect((await read('/customers')).body['total']).toBe(CUSTOMERS)
    for (const path of ['/customers', '/product-projections', '/types']) {
      const { body } = await read(path, [['withTotal', 'false']])
      expect(Object.keys(body)).not.toContain('total')
    }
  })

  test('CT-STAGED-1 staged=false means published products only', async () => {
    const published = async (parameters: string[][]): Promise<number> =>
      (await read('/product-projections', [['limit', '500'], ...parameters])).body.results.length
    expect(await published([['staged', 'false']])).toBe(20)
    expect(await published([])).toBe(20)
    expect(await published([['staged', 'true']])).toBe(40)
  })
})

describe('predicates', () => {
  const count = async (path: string, ...parameters: string[][]): Promise<unknown> => {
    const { status, body } = await read(path, [...parameters, ['limit', '1']])
    return status === 200 ? body['total'] : status
  }
  const where = (text: string): string[] => ['where', text]

  test('CT-WHERE-1 every where must hold', async () => {
    expect(await count('/customers', where('email in ("c1@example.com", "c2@example.com")'), where('email = "c2@example.com"'))).toBe(1)
    expect(await count('/customers', where('email = "c1@example.com"'), where('email = "c2@example.com"'))).toBe(0)
  })

  test('CT-WHERE-1 and binds tighter than or, parentheses and not hold', async () => {
    const one = 'email = "c1@example.com"'
    const two = 'email = "c2@example.com"'
    expect(await count('/customers', where(`${one} or ${two} and firstName = "nobody"`))).toBe(1)
    expect(await count('/customers', where(`(${one} or ${two}) and firstName = "nobody"`))).toBe(0)
    expect(await count('/customers', where(`not(${one} or ${two})`))).toBe(CUSTOMERS - 2)
    expect(await count('/customers', where('email = "C1@EXAMPLE.COM" or lowercaseEmail = "c3@example.com"'))).toBe(1)
  })

  test('CT-WHERE-2 an unknown field is refused at any depth', async () => {
    const { status, body } = await read('/customers', [where('lastModified > "2026-01-01T00:00:00.000Z"')])
    expect([status, body['message']]).toEqual([400, "Malformed parameter: where: The field 'lastModified' does not exist."])
    expect(await count('/orders', where('paymentInfo(payment(id = "pay"))'))).toBe(400)
    expect(await count('/orders', where('paymentInfo(payments(id = "pay"))'))).toBe(10)
    expect(await count('/orders', where('custom(fields(anything = "goes"))'))).toBe(0)
    expect(await count('/product-projections', where('nonsense = 1'))).toBe(400)
  })

  test('CT-WHERE-3 points in time are compared as such', async () => {
    const all = await count('/orders', where('lastModifiedAt >= "2026-01-01T00:00:00.000Z"'))
    expect(all).toBe(10)
    expect(await count('/orders', where('lastModifiedAt >= "2026-01-01T00:00:00Z"'))).toBe(10)
    expect(await count('/orders', where('lastModifiedAt = "2026-01-01T01:00:00+01:00"'))).toBe(10)
    expect(await count('/orders', where('lastModifiedAt > "2026-01-01T00:00:00Z"'))).toBe(0)
  })

  test('CT-WHERE-4 absent fields are empty and not defined', async () => {
    expect(await count('/orders', where('discountCodes is empty'))).toBe(10)
    expect(await count('/orders', where('customLineItems is not empty'))).toBe(1)
    expect(await count('/orders', where('customerId is not defined'))).toBe(10)
    expect(await count('/orders', where('store is defined'))).toBe(10)
  })

  test('CT-WHERE-5 variables, also three hundred of them', async () => {
    expect(await count('/customers', where('email = :e'), ['var.e', 'c5@example.com'])).toBe(1)
    const many = Array.from({ length: 300 }, (_, index) => ['var.e', `c${index}@example.com`])
    expect(await count('/customers', where('email in :e'), ...many)).toBe(300)
    expect(await count('/customers', where('email not in :e'), ...many)).toBe(CUSTOMERS - 300)
    expect(await count('/orders', where('lastModifiedAt in ("2026-01-01T00:00:00Z", "2020-01-01T00:00:00Z")'))).toBe(10)
    expect(await count('/orders', where('store(key in ("de", "fr"))'))).toBe(4)
  })

  test.each([
    'email = ',
    'email',
    '(email = "x"',
    'email = "x" and',
    'email ilike "x"',
    'email = :missing',
    '"email" = "x"',
    'email == "x"',
  ])('CT-WHERE-6 %s is refused', async (text) => {
    const { status, body } = await read('/customers', [where(text)])
    expect([status, String(body['message'])]).toEqual([400, expect.stringMatching(/^Malformed parameter: where: /u)])
  })

  test('CT-WHERE-7 attribute predicates name the attribute', async () => {
    expect(await count('/product-projections', where('variants(attributes(name = "color" and value = "red"))'))).toBe(20)
    expect(await count('/product-projections', where('variants(attributes(color = "red"))'))).toBe(400)
  })

  test('CT-WHERE-8 a text compared with a point in time must be one', async () => {
    expect(await count('/customers', where('lastModifiedAt > "yesterday"'))).toBe(400)
  })

  test('CT-WHERE-9 quotes are escaped', async () => {
    expect(await count('/customers', where(String.raw`lastName = "L\"3\""`))).toBe(200)
  })
})

const ref = (id: string): object => ({ typeId: 'category', id })

describe('expansion and stores', () => {
  test('CT-EXPAND-1 a dangling reference stays unexpanded, its neighbours are expanded', async () => {
    const expand = [['expand', 'paymentInfo.payments[*]']]
    const [order] = (await read('/orders', expand)).body.results
    expect(order?.['paymentInfo']).toEqual({
      payments: [
        { typeId: 'payment', id: 'gone-0' },
        { typeId: 'payment', id: 'pay', obj: expect.objectContaining({ id: 'pay' }) },
      ],
    })
    expect((await read('/orders/order-1', expand)).status).toBe(200)
  })

  test('CT-EXPAND-3 lines of a shopping list show variant and slug when all are expanded', async () => {
    const [product] = (await read('/products', [['limit', '1']])).body.results
    const line = { id: 'l', productId: product?.id, quantity: 1 }
    const [other, gone] = [
      { ...line, variantId: 2 },
      { ...line, productId: 'gone' },
    ]
    shop.project.add('shopping-list', { id: 'lines', name: { en: 'Lines' }, lineItems: [line, other, gone], textLineItems: [] })
    const linesOf = async (...expand: string[]): Promise<unknown> =>
      (
        await read(
          '/shopping-lists/lines',
          expand.map((path) => ['expand', path]),
        )
      ).body['lineItems']
    expect(await linesOf('lineItems[*].variant', 'lineItems[*].productSlug')).toEqual([
      {
        ...line,
        variant: expect.objectContaining({ id: 1, sku: expect.any(String) as string }) as object,
        productSlug: expect.anything() as object,
      },
      { ...other, productSlug: expect.anything() as object },
      gone,
    ])
    expect(await linesOf('lineItems[0].variant')).toEqual([line, other, gone])
    expect(await linesOf()).toEqual([line, other, gone])
  })

  test('CT-LIST-1 shopping lists are found by name, customer and line, in stores, and by no other field', async () => {
    const add = (id: string, more: object): void =>
      void shop.project.add('shopping-list', { id, name: { 'de-DE': id }, lineItems: [], textLineItems: [], ...more })
    add('mine', {
      customer: { typeId: 'customer', id: 'c' },
      store: { typeId: 'store', key: 'de' },
      lineItems: [{ id: 'l', productId: 'p' }],
    })
    add('anonymous', { anonymousId: 'a' })
    const ids = async (where: string, path = '/shopping-lists'): Promise<string[]> =>
      (
        await read(path, [
          ['where', where],
          ['sort', 'lastModifiedAt desc'],
          ['sort', 'id asc'],
        ])
      ).body.results.map(({ id }) => id)
    expect(await ids('name(`de-DE` in ("mine", "other")) or name(en="mine")')).toEqual(['mine'])
    expect(await ids('customer is defined and lineItems(productId="p")')).toEqual(['mine'])
    expect(await ids('anonymousId is defined')).toEqual(['anonymous'])
    expect(await ids('id in ("mine", "anonymous")', '/in-store/key=de/shopping-lists')).toEqual(['mine'])
    expect((await read('/shopping-lists', [['where', 'customerId="c"']])).status).toBe(400)
    expect((await read('/shopping-lists', [['sort', 'customerId']])).status).toBe(400)
    expect((await read('/shopping-lists', [['limit', '501']])).status).toBe(400)
  })

  test('CT-EXPAND-2 a cycle of categories and a missing parent are served', async () => {
    const category = (id: string, parent: string): void =>
      void shop.project.add('category', { id, parent: { typeId: 'category', id: parent }, ancestors: [] })
    category('a', 'b')
    category('b', 'a')
    category('c', 'gone')
    category('d', 'c')
    const { body } = await read('/categories', [
      ['sort', 'id asc'],
      ['expand', 'parent'],
    ])
    expect(body.results.map((row) => row['ancestors'])).toEqual([[ref('b')], [ref('a')], [ref('gone')], [ref('gone'), ref('c')]])
    expect((await read('/categories/a')).status).toBe(200)
  })

  test('CT-STORE-1 lists inside a store hold that store only', async () => {
    const orders = await read('/in-store/key=de/orders')
    expect(orders.body.results.map((row) => row.id)).toEqual(['order-0', 'order-1', 'order-2', 'order-3'])
    expect(orders.body['total']).toBe(4)
    // Global customers, those without a store, belong to every store.
    const customers = await read('/in-store/key=jp/customers', [
      ['limit', '500'],
      ['where', 'email in ("c0@example.com","c1@example.com","c2@example.com")'],
    ])
    expect(new Set(customers.body.results.map((row) => row['email']))).toEqual(new Set(['c0@example.com', 'c2@example.com']))
  })

  test('CT-STORE-2 a resource of another store is not found', async () => {
    expect((await read('/in-store/key=de/orders/order-1')).status).toBe(200)
    expect((await read('/in-store/key=jp/orders/order-1')).status).toBe(404)
  })

  test('CT-STORE-3 payments have no in-store path', async () => {
    expect((await read('/in-store/key=de/payments')).status).toBe(404)
  })

  test('CT-MESSAGES-1 there is no message log', async () => {
    expect((await read('/messages')).status).toBe(404)
  })

  test('CT-NOTFOUND-1 an unknown id is a 404', async () => {
    const { status, body } = await read('/customers/nobody')
    expect([status, body['errors']]).toEqual([404, [expect.objectContaining({ code: 'ResourceNotFound' })]])
  })
})
