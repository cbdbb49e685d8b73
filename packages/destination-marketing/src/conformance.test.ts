import { destinationSuite } from '@millrace/adapter-kit/testing'
import type { FieldValue, Input } from '@millrace/core'
import { startFakeDotdigital, unlimited } from '@millrace/fake-vendors/dotdigital'
import { marketing } from './marketing.ts'

const collections: Readonly<Record<string, string>> = { product: 'catalog_shop', order: 'Orders', cart: 'CartInsight' }

const fieldsOf = (object: string, n: number): Record<string, FieldValue> => {
  switch (object) {
    case 'contact':
      return { email: `Person+${n}@Example.com`, FIRSTNAME: `Given ${n}`, LASTNAME: `Family Name ${n}`, shop_birthday: '1990-01-31' }
    case 'subscription':
      return { email: `Person+${n}@Example.com` }
    case 'event':
      return { order_number: `A-${n}`, value: `${n}.99`, currency: 'EUR' }
    case 'product':
      return { id: `p${n}`, name: `Product Number ${n}`, sku: `SKU-${n}`, price: `${n}.99`, currency: 'EUR', stock: '7', status: 'Enabled' }
    case 'order':
      return { id: `A-${n}`, email: 'person@example.com', purchaseDate: '2026-03-01T12:00:00.000Z', orderTotal: '500', currency: 'JPY' }
    default:
      return { cartId: `c${n}`, grandTotal: '19.99', currency: 'EUR', cartPhase: 'ORDER_PENDING' }
  }
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

const childrenOf = (object: string, n: number) =>
  object === 'order'
    ? [
        {
          object: 'product',
          key: `line-${n}`,
          fields: { product_id: 'p1', name: `Shirt ${n}`, price: '19.99', qty: 2 },
          links: [],
          changed: true,
        },
      ]
    : object === 'cart'
      ? ['a', 'b'].map((id) => ({
          object: 'lineItem',
          key: `line-${n}-${id}`,
          fields: { name: `Line Number ${n}`, sku: `S-${id}`, quantity: 1 },
          links: [],
          changed: true,
        }))
      : []

/** Data that only Dotdigital finds fault with: an address without a domain it knows, a text where the collection has a number. */
const spoil = (object: string, fields: Readonly<Record<string, FieldValue>>): Record<string, FieldValue> =>
  object === 'contact' || object === 'subscription'
    ? { ...fields, email: 'some body@nowhere' }
    : { ...fields, [object === 'product' ? 'name' : 'currency']: 'x'.repeat(4_001) }

const start = async () => {
  const fake = await startFakeDotdigital({ limits: unlimited, importMs: 0 })
  listId = fake.account.addList('Shop')
  const eventsOf = () => {
    fake.account.finishImports()
    return [...new Set(fake.account.events().map(({ id }) => id))]
  }
  const documentOf = (object: string, remoteId: string) => {
    const [owner = '', ...rest] = object === 'product' ? ['', remoteId] : remoteId.split('/')
    const key = rest.join('/')
    return recordsOf(object).find((record) => record.key === key && String(record.owner ?? '') === owner)
  }
  const recordsOf = (object: string) => fake.account.records(collections[object] ?? '')
  return {
    url: fake.url,
    sample: (object: string, n: number) => ({ fields: fieldsOf(object, n), children: childrenOf(object, n) }),
    poison: (input: Input): Input => ({
      ...input,
      fields: spoil(input.object, input.fields),
      ...(input.event === undefined ? {} : { event: { ...input.event, occurredAt: 'once upon a time' } }),
      consent: input.consent.map((decision) => ({ ...decision, at: 'once upon a time' })),
    }),
    count: (object: string, parent?: string) => {
      if (parent !== undefined)
        return recordsOf(parent).reduce((sum, { json }) => sum + listOf(json[parent === 'order' ? 'products' : 'lineItems']).length, 0)
      if (object === 'contact') return fake.account.contacts().length
      if (object === 'event') return eventsOf().length
      if (object !== 'subscription') return recordsOf(object).length
      return fake.account.contacts().filter(({ dataFields }) => dataFields['SHOP_OPTIN'] === 'NO').length
    },
    keyOf: (object: string, remoteId: string) => {
      if (object === 'contact' || object === 'subscription')
        return String(fake.account.contact(Number(remoteId))?.dataFields['SHOP_KEY'] ?? '')
      if (object === 'event') return eventsOf().includes(remoteId) ? remoteId.replace('suite:', '') : undefined
      return documentOf(object, remoteId)?.key
    },
    fieldsOf: (object: string, remoteId: string) => {
      if (object === 'contact') {
        const contact = fake.account.contact(Number(remoteId))
        const names = Object.keys(fieldsOf(object, 0)).filter((name) => name !== 'email')
        return (
          contact && {
            email: contact.identifiers['email'] ?? null,
            ...Object.fromEntries(names.map((name) => [name, contact.dataFields[name.toUpperCase()] ?? null])),
          }
        )
      }
      const held = documentOf(object, remoteId)?.json
      return (
        held && Object.fromEntries(Object.keys(fieldsOf(object, 0)).flatMap((name) => (name in held ? [[name, String(held[name])]] : [])))
      )
    },
    childrenOf: (object: string, remoteId: string): Record<string, FieldValue>[] =>
      listOf(documentOf(object, remoteId)?.json[object === 'order' ? 'products' : 'lineItems']).map((line) =>
        Object.fromEntries(Object.entries(line as object).map(([name, value]) => [name, String(value)])),
      ),
    parentsOf: (object: string, remoteId: string) => {
      const owner = documentOf(object, remoteId)?.owner
      return owner === undefined ? [] : [String(owner)]
    },
    plant: (_object: string, fields: Readonly<Record<string, FieldValue>>) =>
      String(fake.account.addContact({ identifiers: { email: String(fields['email']) }, dataFields: { FIRSTNAME: 'Somebody' } })),
    membershipsOf: (_object: string, remoteId: string) =>
      [...(fake.account.contact(Number(remoteId))?.lists ?? [])]
        .filter((id) => id !== listId)
        .map((id) => `list:${fake.account.lists().find((list) => list.id === id)?.name ?? ''}`),
    addMembership: (_object: string, remoteId: string, { name }: { name: string }) =>
      void fake.account
        .contact(Number(remoteId))
        ?.lists.add(fake.account.lists().find((list) => list.name === name)?.id ?? fake.account.addList(name)),
    consent: {
      status: (person: Input) => {
        const email = String(person.fields['email'])
        // Whoever gets a mail that asks for confirmation says yes.
        if (fake.account.mails().some(({ to }) => to === email.toLowerCase())) fake.account.confirm(email)
        const contact = fake.account.contactOf(email)
        if (contact === undefined) return 'unknown' as const
        const { email: channel, dataFields } = contact
        if (channel?.status === 'subscribed') return 'granted' as const
        return dataFields['SHOP_OPTIN'] === 'UNKNOWN' && channel?.optInType === 'unknown' ? ('unknown' as const) : ('denied' as const)
      },
      set: (person: Input, _topic: string, status: 'granted' | 'denied') => {
        const email = String(person.fields['email'])
        // Who leaves had signed up: nobody else gets a mail to leave by.
        fake.account.changeContact(email, { channelProperties: { email: { status: 'subscribed', optInType: 'single' } } })
        if (status === 'denied') fake.account.unsubscribe(email)
      },
    },
    finishImports: () => void fake.account.finishImports(),
    close: () => fake.close(),
  }
}

let listId = 0

const settings = { username: 'apiuser-fake@apiconnector.com', password: 'fake-password' }

for (const bulkFrom of [10, 2]) {
  destinationSuite({
    destination: (baseUrl) => marketing({ ...settings, baseUrl, listId: listId || 1, carts: true, bulkFrom }),
    fake: start,
  })
}
