import { createMillrace, type Millrace } from '@millrace/core'
import { memoryStore, recordingDestination, type RecordingDestination } from '@millrace/core/testing'
import { seedShop, startFakeCommercetools, type FakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { commercetools } from '@millrace/source-commercetools'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const start = Date.parse('2026-10-01T12:00:00.000Z')

/** What happens in the shop while it is read: before which request, to which row, how long after the edit before it. */
const edit = fc.record({
  afterRequests: fc.nat(12),
  kind: fc.constantFrom('rename', 'cancel', 'refund', 'new-customer', 'new-order'),
  row: fc.nat(30),
  advanceMs: fc.constantFrom(0, 0, 1, 400, 1500),
})
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never

interface Scene {
  shop: FakeCommercetools
  crm: RecordingDestination
  millrace: Millrace
  /** Moves the shop's clock. */
  advance(ms: number): void
  close(): Promise<void>
}

/** A small shop on a clock of its own, which may differ from ours by `skewMs`, read in pages of `pageSize` rows. */
const openScene = async (pageSize: number, skewMs = 0): Promise<Scene> => {
  let now = start
  const shop = await startFakeCommercetools({ now: () => now })
  seedShop(shop, { customers: 12, orders: 16, products: 3, businessUnits: 0, carts: 0, seed: 5, until: start - 3_600_000 })
  const crm = recordingDestination()
  const { projectKey, clientId, clientSecret, apiUrl, authUrl } = shop
  const pages = { customer: pageSize, order: pageSize, product: pageSize }
  const source = commercetools({
    projectKey,
    clientId,
    clientSecret,
    apiUrl,
    authUrl,
    companies: false,
    settleMs: 1_000,
    overlapMs: 1_000,
    pageSizes: pages,
  })
  const clock = {
    now: () => now + skewMs,
    monotonic: () => performance.now(),
    sleep: () => new Promise<void>((resolve) => setImmediate(resolve)),
  }
  const millrace = createMillrace({ sources: { shop: source }, connections: { crm: { destination: crm } }, store: memoryStore(), clock })
  const close = async (): Promise<void> => {
    await millrace.close()
    await shop.close()
  }
  return { shop, crm, millrace, advance: (ms) => (now += ms), close }
}

/** The first payment of an order. */
const paymentOf = (order: Record<string, unknown> | undefined): string =>
  (order?.['paymentInfo'] as { payments: { id: string }[] } | undefined)?.payments[0]?.id ?? ''

const change = ({ project, now }: FakeCommercetools, { kind, row }: Edit, number: number): void => {
  const customers = project.all('customer')
  const orders = project.all('order')
  const customer = customers[row % customers.length]
  const order = orders[row % orders.length]
  const paid = orders.filter((candidate) => candidate['paymentInfo'] !== undefined)
  if (kind === 'rename') project.update('customer', customer?.id ?? '', { lastName: `Name ${number}` })
  if (kind === 'cancel') project.update('order', order?.id ?? '', { orderNumber: `number-${number}` })
  if (kind === 'refund') {
    project.update('payment', paymentOf(paid[row % paid.length]), (payment) => {
      const amount = { ...(payment['amountPlanned'] as object), centAmount: 1 }
      const refund = { id: `refund-${number}`, type: 'Refund', state: 'Success', amount, timestamp: new Date(now()).toISOString() }
      payment['transactions'] = [...((payment['transactions'] ?? []) as unknown[]), refund]
    })
  }
  const bare = ({
    version: _version,
    createdAt: _createdAt,
    lastModifiedAt: _lastModifiedAt,
    ...rest
  }: Record<string, unknown>): Record<string, unknown> => rest
  if (kind === 'new-customer')
    project.add('customer', { ...bare(customer ?? {}), id: `new-${number}`, key: `new-${number}`, email: `new${number}@example.com` })
  if (kind === 'new-order') project.add('order', { ...bare(order ?? {}), id: `order-${number}`, orderNumber: `number-${number}` })
}

/** What the destination holds, comparable between two of them. */
const holdings = (crm: RecordingDestination): object => {
  const keys = new Map(
    ['contact', 'deal', 'product'].flatMap((object) => crm.objectsOf(object)).map(({ remoteId, key }) => [remoteId, key]),
  )
  const of = (object: string): object[] =>
    crm
      .objectsOf(object)
      .map(({ key, fields: { historical: _historical, ...fields }, parents, children }) => ({
        key,
        fields,
        parents: parents.map((id) => keys.get(id)),
        children,
      }))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1))
  return { contacts: of('contact'), deals: of('deal'), products: of('product') }
}

/** The same shop, read when nothing moves any more. */
const calmly = async ({ shop }: Scene): Promise<object> => {
  const crm = recordingDestination()
  const { projectKey, clientId, clientSecret, apiUrl, authUrl } = shop
  const source = commercetools({ projectKey, clientId, clientSecret, apiUrl, authUrl, companies: false, settleMs: 0 })
  const millrace = createMillrace({ sources: { shop: source }, connections: { crm: { destination: crm } }, store: memoryStore() })
  await millrace.backfill()
  await millrace.close()
  return holdings(crm)
}

/** Numbers at the end of names and order numbers only grow in this shop, so a smaller one after a larger one went backwards. */
const backwards = (crm: RecordingDestination): string[] => {
  const last = new Map<string, number>()
  const found: string[] = []
  for (const { unit, object, fields } of crm.inputs.flat()) {
    const number = Number(/(?:Name |number-)(\d+)/.exec(String(fields['name'] ?? fields['number']))?.[1] ?? -1)
    if (number < (last.get(`${object} ${unit}`) ?? -1)) found.push(`${object} ${unit}: ${number}`)
    last.set(`${object} ${unit}`, number)
  }
  return found
}

describe('whatever is edited while passes read, at any page size and clock skew', () => {
  it('every record ends at its latest state, and no delivery goes backwards', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(edit, { maxLength: 20 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(-3_600_000, -30_000, 0, 30_000, 3_600_000),
        async (edits, pageSize, skewMs) => {
          const scene = await openScene(pageSize, skewMs)
          try {
            const queue = [...edits]
            let waiting = queue[0]?.afterRequests ?? 0
            scene.shop.onRequest(() => {
              if (queue.length === 0 || waiting-- > 0) return
              const next = queue.shift()
              if (next === undefined) return
              scene.advance(next.advanceMs)
              change(scene.shop, next, edits.length - queue.length)
              waiting = queue[0]?.afterRequests ?? 0
            })
            await scene.millrace.backfill()
            for (let number = 0; number < 3 || queue.length > 0; number += 1) {
              scene.advance(5_000)
              await scene.millrace.sync()
            }
            scene.advance(5_000)
            const report = await scene.millrace.sync()
            expect(report.problems).toEqual([])
            expect(holdings(scene.crm)).toEqual(await calmly(scene))
            expect(backwards(scene.crm)).toEqual([])
          } finally {
            await scene.close()
          }
        },
      ),
      { numRuns: 12 },
    )
  })
})

describe('in particular', () => {
  it('rows with one and the same stamp across page borders all arrive', async () => {
    const scene = await openScene(2)
    const stamp = new Date(start - 5_000_000).toISOString()
    for (let index = 0; index < 11; index += 1) {
      const [customer] = scene.shop.project.all('customer')
      scene.shop.project.add('customer', {
        ...customer,
        id: `tied-${index}`,
        key: `tied-${index}`,
        email: `tied${index}@example.com`,
        createdAt: stamp,
        lastModifiedAt: stamp,
      })
    }
    await scene.millrace.backfill()
    expect(scene.crm.objectsOf('contact').filter(({ key }) => key.includes('tied-'))).toHaveLength(11)
    await scene.close()
  })

  it('of two edits in one second the last one counts', async () => {
    const scene = await openScene(5)
    await scene.millrace.backfill()
    const id = scene.shop.project.all('customer')[0]?.id ?? ''
    scene.shop.project.update('customer', id, { lastName: 'First' })
    scene.advance(5_000)
    scene.shop.project.update('customer', id, { lastName: 'Second' })
    scene.shop.project.update('customer', id, { lastName: 'Third' })
    scene.advance(5_000)
    await scene.millrace.sync()
    expect(scene.crm.objectsOf('contact').find(({ key }) => key === `shop:${id}`)?.fields['name']).toContain('Third')
    await scene.close()
  })

  it('a refund that touches only the payment lowers what is due', async () => {
    const scene = await openScene(5)
    await scene.millrace.backfill()
    const order = scene.shop.project.all('order').find((row) => row['paymentInfo'] !== undefined && row['orderState'] !== 'Cancelled')
    const dealOf = (): unknown => scene.crm.objectsOf('deal').find(({ key }) => key === `shop:${order?.id}`)?.fields['amount']
    const before = Number(dealOf())
    const gross = ((order?.['taxedPrice'] as { totalGross?: object } | undefined)?.totalGross ?? order?.['totalPrice']) as object
    scene.shop.project.update('payment', paymentOf(order), (payment) => {
      payment['transactions'] = [
        {
          id: 'late',
          type: 'Refund',
          state: 'Success',
          amount: { ...gross, centAmount: 1 },
          timestamp: new Date(scene.shop.now()).toISOString(),
        },
      ]
    })
    scene.advance(5_000)
    await scene.millrace.sync()
    expect(Number(dealOf())).toBeLessThan(before)
    await scene.close()
  })
})
