import { destinationSuite } from '@millrace/adapter-kit/testing'
import { startFakeHubSpot, unlimited, type FakeHubSpot, type ObjectTypeName } from '@millrace/fake-vendors/hubspot'
import type { FieldValue, Input } from '@millrace/core'
import { hubspot } from './hubspot.ts'
import { targets, targetOf } from './target.ts'

const typeOf = (object: string): ObjectTypeName => {
  const types: Partial<Record<string, ObjectTypeName>> = {
    contact: 'contacts',
    company: 'companies',
    product: 'products',
    deal: 'deals',
    order: 'orders',
    cart: 'carts',
  }
  return types[object] ?? 'line_items'
}

/** A moment that is another day elsewhere. */
const at = '2026-03-01T23:30:00.000Z'

const fieldsOf = (object: string, n: number): Record<string, FieldValue> => {
  switch (object) {
    case 'contact':
      return {
        email: `Person.${n}@Example.com`,
        firstname: `Given ${n}`,
        lastname: `Family Name ${n}`,
        shop_order_count: n,
        shop_historical: true,
        shop_account_created_at: at,
      }
    case 'subscription':
      return { email: `Person.${n}@Example.com` }
    case 'company':
      return { name: `Company Number ${n}`, shop_vat_id: `VAT-ID-${n}` }
    case 'product':
      return { name: `Product Number ${n}`, hs_sku: `SKU-${n}`, price: `${n}.99` }
    case 'deal':
      return {
        dealname: `Order Number ${n}`,
        amount: `${n}.50`,
        deal_currency_code: 'EUR',
        pipeline: 'commerce',
        dealstage: 'paid',
        shop_gross: `${n}.50`,
        shop_placed_at: at,
      }
    case 'cart':
      return { hs_cart_name: `Cart Number ${n}`, hs_total_price: `${n}.50`, hs_currency_code: 'EUR', shop_item_count: n }
    case 'event':
      return { order_id: `order-${n}`, value: `${n}.50`, product_name: `Product Number ${n}` }
    default:
      return {
        hs_order_name: `Order Number ${n}`,
        hs_total_price: `${n}.50`,
        hs_pipeline: 'commerce',
        hs_pipeline_stage: 'paid',
        shop_gross: `${n}.50`,
        hs_external_created_date: at,
      }
  }
}

const childrenOf = (object: string, n: number) =>
  object === 'deal' || object === 'order' || object === 'cart'
    ? ['a', 'b'].map((id) => ({
        object: 'line_item',
        key: `suite-line-${n}-${id}`,
        fields: { name: `Line Number ${n} ${id}`, price: '1.25', quantity: 2 },
        links: [],
        changed: true,
      }))
    : []

const spoiled: Partial<Record<string, string>> = { company: 'shop_company_status', cart: 'shop_touched_at', event: 'nobody_defined_this' }

/** A value that only HubSpot finds fault with, so that its refusal is what is seen. */
const spoil = (object: string, fields: Readonly<Record<string, FieldValue>>): Record<string, FieldValue> =>
  object === 'contact' || object === 'subscription'
    ? { ...fields, email: 'nobody@example.nosuchtld' }
    : { ...fields, [spoiled[object] ?? 'shop_historical']: 'maybe' }

const newsletter = { channel: 'email', target: '1001', basis: 'CONSENT_WITH_NOTICE', explanation: 'Checkbox at the checkout' } as const

const start = async () => {
  const fake: FakeHubSpot = await startFakeHubSpot({ limits: unlimited, searchLagMs: 0 })
  const sampled = new Set<string>()
  const statusOf = (email: string) => fake.portal.consent.status(email, newsletter.target).status
  return {
    url: fake.url,
    sample: (object: string, n: number) => {
      const fields = fieldsOf(object, n)
      if (object === 'subscription') sampled.add(String(fields['email']))
      return { fields, children: childrenOf(object, n) }
    },
    poison: <T extends { object: string; fields: Readonly<Record<string, FieldValue>> }>(input: T): T => ({
      ...input,
      fields: spoil(input.object, input.fields),
    }),
    count: (object: string) => {
      if (object === 'event') return fake.portal.events.length
      if (object === 'subscription') return [...sampled].filter((email) => statusOf(email) === 'UNSUBSCRIBED').length
      return fake.portal.count(typeOf(object))
    },
    keyOf: (object: string, remoteId: string) =>
      fake.portal.get(typeOf(object), remoteId)?.properties[(targetOf(object) ?? targets.contact).keyField.replace('{prefix}', 'shop')],
    // Pipelines and stages are held by ids of the portal.
    fieldsOf: (object: string, remoteId: string) => {
      const held = fake.portal.get(typeOf(object), remoteId)?.properties
      const names = Object.keys(fieldsOf(object, 0)).filter((name) => !/pipeline|stage/.test(name))
      return held && Object.fromEntries(names.map((name) => [name, held[name] ?? null]))
    },
    childrenOf: (object: string, remoteId: string): Readonly<Record<string, FieldValue>>[] =>
      fake.portal.associated(typeOf(object), remoteId, 'line_items').map((id) => fake.portal.get('line_items', id)?.properties ?? {}),
    parentsOf: (object: string, remoteId: string) => fake.portal.associated(typeOf(object), remoteId, 'contacts'),
    plant: (object: string, fields: Readonly<Record<string, FieldValue>>) =>
      fake.portal.create(typeOf(object), { email: String(fields['email']) }),
    membershipsOf: (_object: string, remoteId: string) => fake.portal.listsOf(remoteId).map((name) => `list:${name}`),
    addMembership: (_object: string, remoteId: string, { name }: { name: string }) => fake.portal.addToList(name, remoteId),
    createMembership: ({ name }: { name: string }) => void fake.portal.createList(name),
    isWrite: ({ method, path }: { method: string; path: string }) =>
      method !== 'GET' && !path.includes('/batch/read') && !path.endsWith('/search'),
    consent: {
      status: ({ fields }: Input) =>
        ({ SUBSCRIBED: 'granted', UNSUBSCRIBED: 'denied', NOT_SPECIFIED: 'unknown' } as const)[statusOf(String(fields['email']))],
      set: ({ fields }: Input, _topic: string, status: 'granted' | 'denied') =>
        fake.portal.consent.set(String(fields['email']), newsletter.target, {
          status: status === 'granted' ? 'SUBSCRIBED' : 'UNSUBSCRIBED',
          at: Date.now(),
        }),
    },
    close: () => fake.close(),
  }
}

for (const settings of [{ orders: 'deals' }, { orders: 'orders', carts: true, events: 'behavioural' }] as const) {
  destinationSuite({
    destination: (baseUrl) => hubspot({ accessToken: 'pat-fake-token', baseUrl, ...settings }),
    fake: start,
    contract: { consent: { topics: { newsletter } } },
  })
}
