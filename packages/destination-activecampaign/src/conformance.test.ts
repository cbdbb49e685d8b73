import { destinationSuite, scaledClock, type DestinationFake, type ReceivedRequest } from '@millrace/adapter-kit/testing'
import { startFakeActiveCampaign, unlimited, type FakeActiveCampaign } from '@millrace/fake-vendors/activecampaign'
import type { FieldValue, Input, Membership } from '@millrace/core'
import { activecampaign } from './activecampaign.ts'

const fieldsOf = (object: string, n: number): Record<string, FieldValue> => {
  // Orders and carts have the address of their buyer, who is the first person.
  const email = `Person.${object === 'order' || object === 'cart' ? 0 : n}@Example.com`
  switch (object) {
    case 'contact':
      return { email, firstName: `Given ${n}`, lastName: `Family Name ${n}`, shop_order_count: n, shop_historical: false }
    case 'subscription':
      return { email }
    case 'order':
      return {
        email,
        connection: 'berlin',
        currency: 'EUR',
        finalAmount: `${n}.50`,
        storeCreatedDate: '2026-03-01T10:00:00.000Z',
        normalizedStatus: 'COMPLETED',
      }
    case 'cart':
      return {
        email,
        connection: 'berlin',
        currency: 'EUR',
        totalPrice: `${n}.50`,
        externalCreatedDate: '2026-03-01T10:00:00.000Z',
        abandonedDate: '2026-03-01T11:00:00.000Z',
        orderUrl: `https://shop.example.com/carts/Cart Number ${n}`,
      }
    default:
      return { email, sku: `SKU-${n}`, name: `Product Number ${n}`, value: `${n}.50`, currency: 'EUR' }
  }
}

const childrenOf = (object: string, n: number) => {
  const children = ['a', 'b'].map((id) => ({ key: `suite-line-${n}-${id}`, links: [], changed: true }))
  const name = `Line Number ${n}`
  if (object === 'order')
    return children.map((child) => ({
      ...child,
      object: 'line',
      fields: { name, sku: child.key, storePrimaryId: child.key, quantity: 2, priceAmount: '2.50' },
    }))
  if (object === 'cart')
    return children.map((child) => ({ ...child, object: 'product', fields: { name, externalid: child.key, quantity: 2, price: '1.25' } }))
  return []
}

/** Something that only ActiveCampaign finds fault with, so that its refusal is what is seen. */
const spoil = (fake: FakeActiveCampaign, object: string, fields: Readonly<Record<string, FieldValue>>): Record<string, FieldValue> => {
  switch (object) {
    case 'contact':
    case 'subscription':
      fake.account.exclude(String(fields['email']))
      return { ...fields }
    case 'order':
    case 'cart':
      return { ...fields, currency: 'Euro' }
    default:
      return { ...fields }
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const start = async () => {
  // An account of 50 requests a second, as its headers say, on a clock as fast as the suite's.
  const { now } = scaledClock(10)
  const fake = await startFakeActiveCampaign({ limits: { ...unlimited, perSecond: 50 }, now, orderLagMs: 0, unknownEvents: 'accept' })
  fake.account.knowEvents('account_created')
  const { account } = fake
  const news = account.addList('News')
  const known = new Map([['news', news]])
  const listOf = (name: string): string => {
    const id = known.get(name.toLowerCase()) ?? account.addList(name)
    known.set(name.toLowerCase(), id)
    return id
  }
  const emailOf = (id: string): string => account.contacts().find((contact) => contact.id === id)?.email ?? ''
  return {
    url: fake.url,
    sample: (object: string, n: number) => ({ fields: fieldsOf(object, n), children: childrenOf(object, n) }),
    poison: (input: Input): Input => ({
      ...input,
      // An event's name is too long for ActiveCampaign.
      ...(input.event === undefined ? {} : { event: { ...input.event, name: 'x'.repeat(40) } }),
      // Consent for a list that is not there.
      ...(input.object === 'subscription' ? { consent: input.consent.map((decision) => ({ ...decision, target: '999999' })) } : {}),
      fields: spoil(fake, input.object, input.fields),
    }),
    count: (object: string) => {
      const carts = account.ecomOrders().filter(({ externalid }) => externalid === null)
      switch (object) {
        case 'contact':
          return account.contacts().length
        case 'order':
          return account.orders().length
        case 'line':
          return account
            .orders()
            .reduce((sum, { fields }) => sum + (Array.isArray(fields['lineItems']) ? fields['lineItems'].length : 0), 0)
        case 'cart':
          return carts.length
        case 'product':
          return carts.reduce((sum, { orderProducts }) => sum + orderProducts.length, 0)
        case 'event':
          return account.events().length
        default:
          return account.contacts().filter(({ lists }) => Object.values(lists).includes('2')).length
      }
    },
    keyOf: (object: string, remoteId: string) => {
      if (object === 'order') return account.orders().find(({ id }) => id === remoteId)?.storeOrderId
      if (object === 'cart') return account.ecomOrders().find(({ id }) => id === remoteId)?.externalcheckoutid ?? undefined
      if (object === 'event') return account.events().some(({ eventdata }) => eventdata.includes(`"${remoteId}"`)) ? remoteId : undefined
      return account.contacts().find(({ id }) => id === remoteId)?.fields['shop_customer_key']
    },
    fieldsOf: (object: string, remoteId: string) => {
      if (object === 'contact') {
        const contact = account.contacts().find(({ id }) => id === remoteId)
        if (contact === undefined) return undefined
        const { email, firstName, lastName, fields } = contact
        return { email, firstName, lastName, shop_order_count: fields['shop_order_count'] ?? null }
      }
      if (object === 'order') {
        const order = account.orders().find(({ id }) => id === remoteId)
        const { currency, finalAmount, storeCreatedDate } = order?.fields ?? {}
        return order && { currency: text(currency), finalAmount: text(finalAmount), storeCreatedDate: text(storeCreatedDate) }
      }
      const cart = account.ecomOrders().find(({ id }) => id === remoteId)
      if (cart === undefined) return undefined
      const { currency, orderUrl, totalPrice, externalCreatedDate, abandonedDate } = cart
      return { currency, orderUrl, externalCreatedDate, abandonedDate, totalPrice: (totalPrice / 100).toFixed(2) }
    },
    childrenOf: (object: string, remoteId: string): Record<string, FieldValue>[] => {
      if (object === 'cart') {
        const products = account.ecomOrders().find(({ id }) => id === remoteId)?.orderProducts ?? []
        return products.map(({ externalid, name, quantity, price }) => ({ externalid, name, quantity, price: (price / 100).toFixed(2) }))
      }
      const lines = account.orders().find(({ id }) => id === remoteId)?.fields['lineItems']
      return (Array.isArray(lines) ? lines : []).map((line: Record<string, unknown>) =>
        Object.fromEntries(Object.entries(line).map(([name, value]) => [name, text(value)])),
      )
    },
    // Orders and carts belong to the contact of their address.
    parentsOf: (object: string, remoteId: string) => {
      const rows =
        object === 'order' ? account.orders().map(({ id, fields }) => ({ id, email: String(fields['email']) })) : account.ecomOrders()
      const email = rows.find(({ id }) => id === remoteId)?.email
      return email === undefined ? [] : [account.contactOf(email)?.id ?? '']
    },
    plant: (_object: string, fields: Readonly<Record<string, FieldValue>>) => account.contact({ email: String(fields['email']) }),
    // A query of GraphQL reads.
    isWrite: ({ method, path, text: body }: ReceivedRequest) =>
      method !== 'GET' && !path.startsWith('/api/3/tags') && !(path.endsWith('/graphql') && body.includes('query { ')),
    createMembership: ({ kind, name }: Membership) => {
      if (kind === 'list') listOf(name)
    },
    addMembership: (_object: string, remoteId: string, { kind, name }: Membership) => {
      if (kind === 'tag') account.tag(emailOf(remoteId), name)
      else account.setStatus(emailOf(remoteId), listOf(name), '1')
    },
    membershipsOf: (_object: string, remoteId: string) => {
      const contact = account.contacts().find(({ id }) => id === remoteId)
      const joined = [...known].flatMap(([name, id]) => (contact?.lists[id] === '1' && id !== news ? [`list:${name}`] : []))
      return [...(contact?.tags ?? []).map((tag) => `tag:${tag}`), ...joined]
    },
    consent: {
      status: ({ fields }: Input) => {
        const status = account.contactOf(String(fields['email']))?.lists[news]
        return status === '1' ? 'granted' : status === '2' || status === '3' ? 'denied' : 'unknown'
      },
      set: ({ fields }: Input, _topic: string, status: 'granted' | 'denied') =>
        account.setStatus(String(fields['email']), news, status === 'granted' ? '1' : '2'),
    } satisfies DestinationFake['consent'],
    finishImports: () => void account.settle(),
    close: () => fake.close(),
  }
}

destinationSuite({
  destination: (baseUrl) =>
    activecampaign({
      apiUrl: baseUrl,
      apiToken: 'fake-api-token',
      tracking: { url: `${baseUrl}/event`, accountId: '610000001', eventKey: 'fake-event-key' },
    }),
  fake: start,
  contract: { consent: { topics: { newsletter: { channel: 'email', target: 'News' } } } },
})
