import { createMillrace, type Destination, type Millrace, type OrderFinding } from '@millrace/core'
import { memoryStore } from '@millrace/core/testing'
import { activecampaign } from '@millrace/destination-activecampaign'
import { crmOne } from '@millrace/destination-crm-one'
import { marketing } from '@millrace/destination-marketing'
import { startFakeActiveCampaign, unlimited as unlimitedAccount } from '@millrace/fake-vendors/activecampaign'
import { seedShop, startFakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { startFakeCrmOne } from '@millrace/fake-vendors/crm-one'
import { startFakeDotdigital, unlimited } from '@millrace/fake-vendors/dotdigital'
import { scaledClock } from '@millrace/adapter-kit/testing'
import { commercetools } from '@millrace/source-commercetools'
import { afterEach, expect, it } from 'vitest'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

const period = { from: '2000-01-01', to: '2099-12-31', timeZone: 'Europe/Berlin', basis: 'placed' } as const

const connect = async (destination: Destination): Promise<Millrace> => {
  const shop = await startFakeCommercetools({})
  closing.push(() => shop.close())
  seedShop(shop, { customers: 30, orders: 60, products: 10, seed: 3 })
  const { projectKey, clientId, clientSecret, apiUrl, authUrl } = shop
  const millrace = createMillrace({
    sources: { shop: commercetools({ projectKey, clientId, clientSecret, apiUrl, authUrl, settleMs: 0 }) },
    connections: { other: { destination } },
    store: memoryStore(),
    clock: scaledClock(50),
  })
  closing.push(() => millrace.close())
  await millrace.apply()
  const report = await millrace.backfill({ drainMs: 600_000 })
  expect(report.problems).toEqual([])
  return millrace
}

/** An order as the vendor keeps it; `set` changes what somebody could change there. */
interface Kept {
  number: string
  amount: string
  set(change: { amount?: string; number?: string; key?: string }): void
}

interface Vendor {
  destination: Destination
  orders(): Kept[]
}

const activeCampaign = async (): Promise<Vendor> => {
  const clock = scaledClock(50)
  const fake = await startFakeActiveCampaign({ limits: unlimitedAccount, now: () => clock.now(), orderLagMs: 0, deepDataLagMs: 0 })
  closing.push(() => fake.close())
  return {
    destination: activecampaign({ apiUrl: fake.url, apiToken: fake.apiToken }),
    orders: () =>
      fake.account.orders().map((order) => ({
        number: String(order.fields['orderNumber']),
        amount: String(order.fields['finalAmount']),
        set: ({ amount, number, key }) => {
          Object.assign(
            order.fields,
            amount === undefined ? {} : { finalAmount: amount },
            number === undefined ? {} : { orderNumber: number },
          )
          if (key !== undefined) Object.assign(order.fields, { storeOrderId: key })
        },
      })),
  }
}

const dotdigital = async (): Promise<Vendor> => {
  const fake = await startFakeDotdigital({ limits: unlimited, importMs: 0 })
  closing.push(() => fake.close())
  return {
    destination: marketing({ baseUrl: fake.url, username: fake.username, password: fake.password, listId: fake.account.addList('Shop') }),
    orders: () => {
      const [collection] = fake.account.collections().filter(({ type }) => type === 'orders')
      return fake.account.records(collection?.name ?? '').map((record) => ({
        number: String(record.json['id']),
        amount: String(record.json['orderTotal']),
        set: ({ amount, number, key }) => {
          Object.assign(record.json, amount === undefined ? {} : { orderTotal: Number(amount) }, number === undefined ? {} : { id: number })
          if (key !== undefined) Object.assign(record, { key })
        },
      }))
    },
  }
}

const vendors = [
  ['ActiveCampaign', activeCampaign],
  ['Marketing', dotdigital],
] as const

const findingsOf = async (millrace: Millrace): Promise<OrderFinding[]> =>
  (await millrace.reconcile(period)).connections['other']?.findings ?? []

it.each(vendors)(
  'a shop and %s agree after a backfill, by the fields that its adapter names',
  async (_name, start) => {
    const { destination } = await start()
    const millrace = await connect(destination)
    for (const basis of ['placed', 'paid'] as const) {
      const { connections } = await millrace.reconcile({ ...period, basis })
      const { groups, findings, beyond, status, leftOut } = connections['other'] ?? {}
      expect({ findings, beyond, status, leftOut }).toEqual({ findings: [], beyond: [], status: 'agrees', leftOut: expect.any(Object) })
      expect(groups?.reduce((sum, group) => sum + group.destination.orders, 0)).toBeGreaterThan(0)
    }
  },
  120_000,
)

it.each(vendors)(
  'a cent, a refund that was not subtracted, a missing order and a doubled one are found at %s by name',
  async (_name, start) => {
    const { destination, orders } = await start()
    const millrace = await connect(destination)
    const whole = orders().filter(({ amount }) => /^\d+(\.\d\d?)?$/.test(amount) && Number(amount) > 1)
    const [cent, refund, missing, doubled, copy] = whole
    if (cent === undefined || refund === undefined || missing === undefined || doubled === undefined || copy === undefined)
      throw new TypeError('too few orders')
    cent.set({ amount: (Number(cent.amount) + 0.01).toFixed(2) })
    refund.set({ amount: (Number(refund.amount) + 5).toFixed(2) })
    missing.set({ key: 'of-somebody-else', number: 'X-1' })
    // Somebody wrote it again under a key of our shop, over another one.
    copy.set({ key: 'shop:copy', number: doubled.number })
    const findings = await findingsOf(millrace)
    const kinds = (number: string): string[] => findings.filter((finding) => finding.number === number).map(({ kind }) => kind)
    expect([kinds(cent.number), kinds(refund.number)]).toEqual([['differing'], ['differing']])
    expect(findings.find(({ number }) => number === cent.number)?.differences).toHaveLength(1)
    expect(kinds(missing.number)).toContain('missing')
    expect(kinds(copy.number)).toContain('missing')
    expect(kinds(doubled.number).some((kind) => kind === 'doubled' || kind === 'extra')).toBe(true)
    expect(new Set(findings.map(({ number }) => number)).size).toBeLessThanOrEqual(6)
    expect((await millrace.reconcile(period)).ok).toBe(false)
  },
  120_000,
)

it('CRM One gives back contacts only: orders there are neither compared nor called missing', async () => {
  const crm = await startFakeCrmOne()
  closing.push(() => crm.close())
  const millrace = await connect(crmOne({ baseUrl: crm.url, token: crm.token }))
  const { connections, ok } = await millrace.reconcile(period)
  expect({ ok, status: connections['other']?.status }).toEqual({ ok: true, status: 'not-comparable' })
  const audited = (await millrace.audit({ sample: 20 })).connections['other']
  expect(audited?.unchecked).toContain('objects of the kind order')
  expect(audited?.findings.filter(({ object }) => object !== 'contact')).toEqual([])
  expect(audited?.objects['contact']?.compared).toBeGreaterThan(10)
}, 120_000)
