import { seedShop } from '@millrace/fake-vendors/commercetools'
import type { Millrace, OrderFinding, ReconciledConnection, ReconcileOptions } from '@millrace/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from './support/world.ts'

const timeZone = 'Europe/Berlin'
const period = { from: '2000-01-01', to: '2099-12-31', timeZone }

/** A deal as the portal holds it. */
interface Deal {
  id: string
  properties: Readonly<Record<string, string>>
}

describe('reconciliation of a shop with a portal', () => {
  let world: World
  let millrace: Millrace

  beforeAll(async () => {
    world = await startWorld()
    seedShop(world.shop, { customers: 60, orders: 240, products: 30, seed: 11 })
    millrace = world.open({ contract: { timeZone } })
    await millrace.apply()
    await millrace.backfill()
  }, 120_000)
  afterAll(() => world.close())

  const compare = async (options: Omit<ReconcileOptions, 'connection'> = {}): Promise<ReconciledConnection & { ok: boolean }> => {
    const { ok, connections } = await millrace.reconcile({ ...period, ...options })
    const [found] = Object.values(connections)
    if (found === undefined) throw new TypeError('nothing was reconciled')
    return { ...found, ok }
  }
  const deals = (): Deal[] => world.portal.portal.all('deals')
  const wonStages = (): Set<string> =>
    new Set(
      world.portal.portal
        .pipelines('deals')
        .flatMap(({ stages }) => stages.filter(({ label }) => ['Paid', 'Fulfilled', 'Returned'].includes(label)).map(({ id }) => id)),
    )
  const wonDeals = (): Deal[] => {
    const won = wonStages()
    return deals().filter(
      ({ properties }) =>
        won.has(properties['dealstage'] ?? '') && (properties['closedate'] ?? '') !== '' && properties['shop_order_key'] !== undefined,
    )
  }
  const update = (deal: Deal, properties: Record<string, string>): void => world.portal.portal.update('deals', deal.id, properties)

  it.each(['paid', 'placed'] as const)('of a clean shop finds nothing, on the basis %s', async (basis) => {
    const { ok, status, findings, groups } = await compare({ basis })
    expect({ ok, status, findings }).toEqual({ ok: true, status: 'agrees', findings: [] })
    expect(groups.reduce((sum, { source }) => sum + source.orders, 0)).toBeGreaterThan(50)
    for (const { source, destination } of groups) expect(destination.orders).toBe(source.orders)
  })

  it('finds everything that was planted, and nothing after it was mended', async () => {
    const [missing, doubled, currency, cent, moved, lost] = wonDeals().filter(
      ({ properties }) => properties['shop_refunded'] === '0.00' && properties['deal_currency_code'] === 'EUR',
    )
    const refunded = wonDeals().find(({ properties }) => Number(properties['shop_refunded']) > 0)
    if (!missing || !doubled || !currency || !cent || !moved || !lost || !refunded) throw new TypeError('the shop is too small')
    world.portal.portal.archive('deals', missing.id)
    const { shop_order_key: _key, ...copy } = Object.fromEntries(
      Object.entries(doubled.properties).filter(([name]) => /^(deal|amount|closedate|pipeline|shop_)/.test(name)),
    )
    const copied = world.portal.portal.create('deals', copy)
    update(currency, { deal_currency_code: 'USD' })
    update(cent, { amount: String(Math.round(Number(cent.properties['amount']) * 100 + 1) / 100) })
    update(refunded, { amount: refunded.properties['shop_gross'] ?? '' })
    // 23:59 in Berlin became the day after.
    update(moved, { closedate: new Date(Date.parse(moved.properties['closedate'] ?? '') + 86_400_000).toISOString() })
    const ownStage = deals().find(({ properties }) => !wonStages().has(properties['dealstage'] ?? ''))?.properties['dealstage'] ?? ''
    update(lost, { dealstage: ownStage })
    const byHand = world.portal.portal.create('deals', {
      dealname: 'A deal of sales',
      amount: '99',
      dealstage: 'closedwon',
      pipeline: 'default',
      closedate: '2026-02-03T10:00:00Z',
      deal_currency_code: 'EUR',
    })

    const found = await compare({ repair: true })
    const numberOf = ({ properties }: Deal): string => properties['shop_order_number'] ?? ''
    const what = ({ kind, number, remoteIds, differences }: OrderFinding): string =>
      `${kind} ${number ?? remoteIds.join()} ${differences.map((difference) => difference.what).join('+')}`.trim()
    expect(found.findings.map(what).toSorted()).toEqual(
      [
        `missing ${numberOf(missing)}`,
        `doubled ${numberOf(doubled)}`,
        `differing ${numberOf(currency)} currency`,
        `differing ${numberOf(cent)} amount`,
        `differing ${numberOf(refunded)} amount`,
        `differing ${numberOf(moved)} paidAt`,
        `differing ${numberOf(lost)} stage`,
        `extra ${byHand}`,
      ].toSorted(),
    )
    expect(found).toMatchObject({ ok: false, status: 'differs', repaired: 6 })

    await millrace.sync()
    expect((await compare()).findings.map(what).toSorted()).toEqual([`doubled ${numberOf(doubled)}`, `extra ${byHand}`].toSorted())
    world.portal.portal.archive('deals', copied)
    world.portal.portal.archive('deals', byHand)
    expect(await compare()).toMatchObject({ ok: true, status: 'agrees', findings: [] })
    const mended = deals().find(({ properties }) => properties['shop_order_key'] === missing.properties['shop_order_key'])
    expect(mended?.properties['amount']).toBe(missing.properties['amount'])
  }, 120_000)
})
