import { createMillrace } from '@millrace/core'
import { hubspot } from '@millrace/destination-hubspot'
import { notificationsOf } from '@millrace/fake-vendors/commercetools'
import { signedRequests, signRequest } from '@millrace/intake'
import { commercetools } from '@millrace/source-commercetools'
import { sqlite } from '@millrace/store-sqlite'
import { expect, it } from 'vitest'
import { createDice } from '../support/dice.ts'
import { startWorld } from '../support/world.ts'

const secret = 'a secret of at least 32 characters!'
const people = 40

it.each([1, 2])(
  'order.placed, refund and consent.changed are told once each, with 30 % duplicates, shuffling and the poll beside (seed %i)',
  async (seed) => {
    const dice = createDice(seed)
    const world = await startWorld()
    const { shop, portal } = world
    const { projectKey, clientId, clientSecret, apiUrl, authUrl } = shop
    const consent = [{ channel: 'email', field: 'newsletter', timestampField: 'newsletterAt' }] as const
    const millrace = createMillrace({
      sources: { shop: commercetools({ projectKey, clientId, clientSecret, apiUrl, authUrl, settleMs: 0, consent }) },
      connections: { hubspot: { destination: hubspot({ accessToken: portal.accessToken, baseUrl: portal.url, events: 'behavioural' }) } },
      notifications: { shop: { transport: signedRequests({ secret }) } },
      store: sqlite({ path: world.path }),
    })
    try {
      const ids = Array.from({ length: people }, (_, index) => `c${index}`)
      for (const id of ids) shop.project.add('customer', { id, email: `${id}@example.com`, lastName: 'Test', addresses: [], stores: [] })
      world.advance(10_000)
      await millrace.apply()
      expect((await millrace.sync()).problems).toEqual([])
      expect(portal.portal.events).toEqual([])

      const make = notificationsOf(projectKey)
      /** What was announced and has not arrived yet: nearly a third of it twice. */
      const underWay: string[] = []
      let doubles = 0
      const announce = (type: string, row: Parameters<typeof make.change>[1]): void => {
        const body = JSON.stringify(make.change(type, row))
        underWay.push(body)
        if (dice.below(10) >= 3) return
        underWay.push(body)
        doubles += 1
      }
      const euro = (centAmount: number) => ({ type: 'centPrecision', currencyCode: 'EUR', centAmount, fractionDigits: 2 })
      const at = (): string => new Date(shop.now()).toISOString()
      const live = (id: string): void => {
        const charge = { id: `charge-${id}`, type: 'Charge', state: 'Success', timestamp: at(), amount: euro(2_000) }
        const payment = shop.project.add('payment', {
          id: `p-${id}`,
          amountPlanned: euro(2_000),
          transactions: [charge],
          interfaceInteractions: [],
        })
        const order = shop.project.add('order', {
          id: `o-${id}`,
          orderNumber: `N-${id}`,
          customerId: id,
          customerEmail: `${id}@example.com`,
          orderState: 'Open',
          totalPrice: euro(2_000),
          lineItems: [],
          customLineItems: [],
          paymentInfo: { payments: [{ typeId: 'payment', id: payment.id }] },
        })
        announce('order', order)
        announce('payment', payment)
        const refund = { id: `refund-${id}`, type: 'Refund', state: 'Success', timestamp: at(), amount: euro(500) }
        announce('payment', shop.project.update('payment', payment.id, { transactions: [charge, refund] }))
        const fields = { newsletter: dice.below(2) === 0, newsletterAt: at() }
        announce('customer', shop.project.update('customer', id, { custom: { type: { typeId: 'type', id: 'consent' }, fields } }))
      }

      const over = new AbortController()
      const poll = async (): Promise<void> => {
        while (!over.signal.aborted) {
          await millrace.sync()
          world.advance(1_000)
        }
      }
      const arrive = async (): Promise<void> => {
        const [body = ''] = underWay.splice(dice.below(underWay.length), 1)
        const headers = signRequest(secret, body, Date.now())
        const response = await millrace.notifications.handle(new Request('http://localhost/hooks/shop', { method: 'POST', body, headers }))
        expect(response.status).toBe(204)
      }
      const notify = async (): Promise<void> => {
        for (const id of ids) {
          live(id)
          // Some wait for long, so that they arrive after much later ones.
          while (underWay.length > 30) await arrive()
          if (dice.below(4) === 0) await millrace.notifications.process()
        }
        while (underWay.length > 0) await arrive()
        while (await millrace.notifications.isDue()) await millrace.notifications.process()
        over.abort()
      }
      await Promise.all([notify(), poll()])
      world.advance(10_000)
      await millrace.sync()
      await millrace.sync()

      const told = (name: string): unknown[] =>
        portal.portal.events.flatMap(({ eventName, properties, recordId }) => {
          if (!eventName.endsWith(`shop_${name}`)) return []
          const contact = portal.portal.get('contacts', recordId ?? '')?.properties['shop_customer_id']
          return [properties['order_number'] === undefined ? contact : `${String(contact)} ${properties['order_number']}`]
        })
      const orders = ids.map((id) => `${id} N-${id}`).toSorted()
      expect(told('order_placed').toSorted()).toEqual(orders)
      expect(told('refund').toSorted()).toEqual(orders)
      expect(told('consent_changed').toSorted()).toEqual(ids.toSorted())
      expect(await millrace.deadLetters.list()).toEqual([])
      expect(await millrace.notifications.dead()).toEqual([])
      expect(doubles).toBeGreaterThan(people)
    } finally {
      await millrace.close()
      await world.close()
    }
  },
)
