import { seedShop } from '@millrace/fake-vendors/commercetools'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { byCurrency, portalLedger, shopLedger } from './support/ledger.ts'
import { startWorld, type World } from './support/world.ts'

const isWrite = (request: { method: string; path: string }): boolean =>
  request.method !== 'GET' && !request.path.endsWith('/batch/read') && !request.path.includes('/search')

const expectSameBooks = (world: World): void => {
  expect(byCurrency(portalLedger(world.portal))).toEqual(byCurrency(shopLedger(world.shop)))
  expect(portalLedger(world.portal)).toEqual(shopLedger(world.shop))
}

const duplicates = (values: readonly (string | undefined)[]): string[] => {
  const seen = new Set<string>()
  return values.filter((value): value is string => value !== undefined && value !== '' && (seen.has(value) || !seen.add(value)))
}

describe('a backfill of 2,000 customers and 5,000 orders', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
    seedShop(world.shop, { customers: 2000, orders: 5000, products: 500, seed: 7 })
  })
  afterAll(() => world.close())

  it('brings everything once, every deal under its buyer, revenue exact per currency and day, near the floor of requests', async () => {
    const millrace = world.open()
    await millrace.apply()
    expect((await millrace.check()).ok).toBe(true)
    world.portal.resetRequests()
    const report = await millrace.backfill()
    expect(report.problems).toEqual([])
    expect(await millrace.deadLetters.list()).toEqual([])
    expect(report.run.status).toBe('completed')

    const { portal } = world.portal
    const orders = world.shop.project.all('order')
    expect(
      portal
        .all('deals')
        .map((deal) => deal.properties['shop_order_id'])
        .toSorted(),
    ).toEqual(orders.map((order) => order.id).toSorted())
    const lines = orders.reduce(
      (sum, order) => sum + (order['lineItems'] as unknown[]).length + ((order['customLineItems'] ?? []) as unknown[]).length,
      0,
    )
    expect(portal.count('line_items')).toBeGreaterThan(lines * 0.9)
    expect(portal.count('line_items')).toBeLessThanOrEqual(lines)
    expect(duplicates(portal.all('contacts').map((contact) => contact.properties['email']?.toLowerCase()))).toEqual([])
    expect(duplicates(portal.all('contacts').map((contact) => contact.properties['shop_customer_key']))).toEqual([])
    const lonely = portal.all('deals').filter((deal) => portal.associated('deals', deal.id, 'contacts').length !== 1)
    expect(lonely).toEqual([])
    const ofCompanies = orders.filter((order) => order['businessUnit'] !== undefined)
    expect(ofCompanies.length).toBeGreaterThan(0)
    for (const order of ofCompanies) {
      const [deal] = portal.find('deals', 'shop_order_id', order.id)
      const [company] = portal.find('companies', 'shop_company_id', (order['businessUnit'] as { key: string }).key)
      expect(portal.associated('deals', deal?.id ?? '', 'companies')).toEqual([company?.id])
    }
    expect(portal.all('deals').every((deal) => deal.properties['shop_historical'] === 'true')).toBe(true)
    expectSameBooks(world)

    const per = (count: number, size: number): number => Math.ceil(count / size)
    const contacts = portal.count('contacts')
    const floor = {
      upserts:
        per(contacts, 100) +
        per(portal.count('companies'), 100) +
        per(portal.count('products'), 100) +
        per(orders.length, 100) +
        per(portal.count('line_items'), 100),
      'adoption reads': per(contacts, 100),
      associations:
        per(portal.countAssociations('deals', 'contacts'), 2000) +
        per(portal.countAssociations('deals', 'line_items'), 2000) +
        per(portal.countAssociations('contacts', 'companies'), 2000) +
        per(portal.countAssociations('deals', 'companies'), 2000),
    }
    const total = Object.values(floor).reduce((sum, value) => sum + value, 0)
    const spent = world.portal.count((request) => request.method !== 'GET')
    console.log(
      `HubSpot requests: ${spent} of a floor of ${total} (${(spent / total).toFixed(3)}x)`,
      floor,
      `and ${world.portal.count({ method: 'GET' })} preflight reads`,
    )
    expect(spent).toBeLessThanOrEqual(total * 1.1)
  })

  it('a second backfill writes nothing', async () => {
    world.portal.resetRequests()
    const report = await world.open().backfill()
    expect(report.run.status).toBe('completed')
    expect(world.portal.requests.filter(isWrite)).toEqual([])
  })

  it('ten changed customers are one upsert', async () => {
    const chosen = world.shop.project.all('customer').slice(100, 110)
    for (const { id } of chosen) world.shop.project.update('customer', id, { lastName: 'Renamed' })
    world.advance(10_000)
    world.portal.resetRequests()
    const report = await world.open().sync()
    expect(report.connections['hubspot']).toMatchObject({ updated: 10, created: 0 })
    expect(world.portal.requests.filter(isWrite).map((request) => request.path)).toEqual([
      expect.stringContaining('/contacts/batch/upsert'),
    ])
  })

  it('a refund by payment alone lowers the amount and leaves the gross', async () => {
    const order = world.shop.project
      .all('order')
      .find(
        (candidate) =>
          (candidate['taxedPrice'] as { totalGross?: { centAmount: number; currencyCode: string } } | undefined)?.totalGross !==
            undefined &&
          paymentOf(candidate) !== undefined &&
          refundsOf(world, candidate).length === 0,
      )
    if (order === undefined) throw new Error('The shop has no paid order')
    const gross = (order['taxedPrice'] as { totalGross: { centAmount: number; currencyCode: string; fractionDigits: number } }).totalGross
    const refund = {
      id: 'late-refund',
      type: 'Refund',
      state: 'Success',
      amount: { ...gross, centAmount: Math.floor(gross.centAmount / 2) },
      timestamp: new Date(world.shop.now()).toISOString(),
    }
    world.shop.project.update('payment', paymentOf(order) ?? '', (payment) => {
      payment['transactions'] = [...((payment['transactions'] ?? []) as unknown[]), refund]
    })
    world.advance(10_000)
    const before = world.portal.portal.find('deals', 'shop_order_id', order.id)[0]?.properties
    const report = await world.open().sync()
    expect(report.run.status).toBe('completed')
    const after = world.portal.portal.find('deals', 'shop_order_id', order.id)[0]?.properties
    expect(after?.['shop_gross']).toBe(before?.['shop_gross'])
    expect(after?.['amount']).not.toBe(before?.['amount'])
    expectSameBooks(world)
  })

  it('a store that was lost makes no second object', async () => {
    const counts = (): number[] =>
      (['contacts', 'companies', 'products', 'deals', 'line_items'] as const).map((type) => world.portal.portal.count(type))
    const before = counts()
    const report = await world.open({ path: `${world.path}-second` }).backfill()
    expect(report.run.status).toBe('completed')
    expect(counts()).toEqual(before)
    expectSameBooks(world)
  })
})

const paymentOf = (order: Record<string, unknown>): string | undefined =>
  (order['paymentInfo'] as { payments: { id: string }[] } | undefined)?.payments[0]?.id

const refundsOf = (world: World, order: Record<string, unknown>): unknown[] =>
  ((world.shop.project.get('payment', paymentOf(order) ?? '')?.['transactions'] ?? []) as { type: string }[]).filter(
    ({ type }) => type === 'Refund' || type === 'Chargeback',
  )
