import { destinationSuite } from '@millrace/adapter-kit/testing'
import type { Destination, FieldValue, Input, Membership } from '@millrace/core'
import { defaultSchema, startFakeCrmOne, type FakeCrmOne } from '@millrace/fake-vendors/crm-one'
import { crmOne } from './crm-one.ts'
import { dealContract } from './dialects/crm-one-contract.ts'
import { crmOneDialect } from './dialects/crm-one.ts'
import { identityOf, keyOfIdentity } from './identity.ts'

const at = '2026-03-01T12:00:00.000Z'

const fieldsOf = (object: string, n: number): Record<string, FieldValue> => {
  switch (object) {
    case 'contact':
      return {
        email: `Person.${n}@Example.com`,
        givenName: `Given Name ${n}`,
        familyName: `Family Name ${n}`,
        phone: `+4312345${1000 + n}`,
        'segments/country': 'AT',
      }
    case 'subscription':
      return { email: `Person.${n}@Example.com` }
    case 'activity':
      return { orderNumber: `Order Number ${n}`, value: `${n}.99`, currency: 'EUR' }
    case 'order':
      return {
        number: `Order Number ${n}`,
        placedAt: at,
        status: 'open',
        currency: 'EUR',
        gross: `${n}.99`,
        billingLocality: `Town Name ${n}`,
      }
    case 'deal':
      return { name: `Deal Number ${n}`, pipeline: 'commerce', stage: 'paid', amount: `${n}.99`, currency: 'EUR' }
    default:
      return {}
  }
}

const childrenOf = (object: string, n: number) =>
  object === 'order'
    ? ['a', 'b'].map((id) => ({
        object: 'line',
        key: `suite:line-${n}-${id}`,
        fields: { name: `Line Number ${n} ${id}`, quantity: 2, unitPrice: '1.25', total: '2.50' },
        links: [],
        changed: true,
      }))
    : []

/** A value that only the CRM finds fault with. */
const spoiled: Readonly<Record<string, Record<string, FieldValue>>> = {
  contact: { email: 'nowhere at all' },
  order: { currency: 'euro' },
  deal: { stage: 'nowhere' },
}

const countOf = ({ crm }: FakeCrmOne, object: string): number => {
  switch (object) {
    case 'contact':
      return crm.contacts().length
    case 'order':
      return crm.orders().length
    case 'deal':
      return crm.deals().length
    case 'activity':
      return crm.activities().length
    case 'subscription':
      return crm.contacts().filter(({ consents }) => consents.some(({ status }) => status === 'denied' || status === 'withdrawn')).length
    default:
      return crm.orders().reduce((sum, { lines }) => sum + lines.length, 0)
  }
}

const contactOf = ({ crm }: FakeCrmOne, key: string) => {
  const { source, id } = identityOf(key, 'commercetools')
  return crm.contact(`${source}/${id}`)
}

const keyAt = ({ crm }: FakeCrmOne, object: string, remoteId: string): string | undefined => {
  if (object === 'activity') return crm.activities().find(({ id }) => id === remoteId)?.id
  const identities =
    object === 'contact' || object === 'subscription'
      ? (crm.contact(remoteId)?.externalIds ?? [])
      : [...crm.orders(), ...crm.deals()].filter(({ id }) => id === remoteId).map(({ externalId }) => externalId)
  return identities.map((one) => keyOfIdentity(one, 'commercetools')).findLast((key) => key !== undefined)
}

let current: FakeCrmOne | undefined

const write = async (fake: FakeCrmOne, method: string, path: string, body?: object): Promise<void> => {
  const headers = {
    authorization: `Bearer ${fake.token}`,
    'x-correlation-id': 'suite',
    'idempotency-key': crypto.randomUUID(),
    'content-type': 'application/json',
  }
  await fetch(`${fake.url}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
}

/** Lists need consent, which the engine delivers before anything else: here it is there when a list is asked for. */
const consenting = (destination: Destination): Destination => {
  const agreed = new Set<string>()
  return {
    ...destination,
    async *deliver(inputs, ctx) {
      for (const { key, memberships } of inputs) {
        if (current === undefined || memberships.length === 0 || agreed.has(key)) continue
        agreed.add(key)
        const { source, id } = identityOf(key, 'commercetools')
        const { crm } = current
        if (crm.contact(`${source}/${id}`) === undefined)
          await write(current, 'PUT', `/contacts/by-external-id/${source}/${encodeURIComponent(id)}`, { sourceVersion: 0 })
        crm.grant(`${source}/${id}`, 'email', 'marketing')
      }
      yield* destination.deliver(inputs, ctx)
    },
  }
}

const start = async () => {
  const fake = await startFakeCrmOne()
  current = fake
  const made = new Set<string>()
  let said = 0
  return {
    url: fake.url,
    sample: (object: string, n: number) => ({ key: `suite:${object}-${n}`, fields: fieldsOf(object, n), children: childrenOf(object, n) }),
    poison: (input: Input): Input => ({
      ...input,
      ...(input.event === undefined ? {} : { event: { ...input.event, name: 'order.No Type At All' } }),
      consent: input.consent.map((decision) => ({ ...decision, target: 'No Purpose At All' })),
      fields: { ...input.fields, ...spoiled[input.object] },
    }),
    count: (object: string) => countOf(fake, object),
    keyOf: (object: string, remoteId: string) => keyAt(fake, object, remoteId),
    fieldsOf: (object: string, remoteId: string): Record<string, FieldValue> | undefined => {
      if (object !== 'contact') {
        const held = [...fake.crm.orders(), ...fake.crm.deals()].find(({ id }) => id === remoteId)
        if (held === undefined) return undefined
        const members = Object.entries(held).filter(([, value]) => typeof value === 'string')
        return Object.fromEntries(members.filter(([name]) => Object.hasOwn(fieldsOf(object, 0), name)))
      }
      const contact = fake.crm.contact(remoteId)
      if (contact === undefined) return undefined
      return {
        email: contact.emails[0]?.value ?? null,
        givenName: contact.name['given'] ?? null,
        familyName: contact.name['family'] ?? null,
        phone: contact.phones[0]?.value ?? null,
        'segments/country': String(contact.segments['country'] ?? ''),
      }
    },
    childrenOf: (_: string, remoteId: string): Record<string, FieldValue>[] =>
      (fake.crm.orders().find(({ id }) => id === remoteId)?.lines ?? []).map(({ name, quantity, unitPrice, total }) => ({
        name,
        quantity,
        unitPrice,
        total,
      })),
    parentsOf: (_: string, remoteId: string) =>
      [...fake.crm.orders(), ...fake.crm.deals()].flatMap(({ id, contactId }) =>
        id === remoteId && contactId !== undefined ? [contactId] : [],
      ),
    plant: (_: string, fields: Readonly<Record<string, FieldValue>>) =>
      fake.crm.create({ emails: [{ value: String(fields['email']), primary: true }] }),
    consent: {
      status: (person: Input, topic: string) => {
        const status = contactOf(fake, person.key)?.consents.find(({ channel }) => channel === topic)?.status ?? 'unknown'
        return status === 'withdrawn' ? 'denied' : status
      },
      // Said before what the suite tells, by another system: versions are counted per identity.
      async set(person: Input, topic: string, status: 'granted' | 'denied') {
        const other = { source: 'preference-centre', id: person.key }
        said += 1
        await write(fake, 'POST', `/contacts/${contactOf(fake, person.key)?.id ?? ''}/external-ids`, other)
        const consents = [
          {
            channel: topic,
            purpose: 'marketing',
            status: status === 'denied' ? 'withdrawn' : status,
            at: new Date(Date.UTC(2026, 1, 1) + said).toISOString(),
            source: 'preference-centre',
            ...(status === 'granted' ? { evidence: 'form' } : {}),
          },
        ]
        await write(fake, 'PUT', `/contacts/by-external-id/${other.source}/${encodeURIComponent(other.id)}`, {
          sourceVersion: said,
          consents,
        })
      },
    },
    membershipsOf: (_: string, remoteId: string) => (fake.crm.contact(remoteId)?.lists ?? []).map((id) => `list:${id}`),
    addMembership: async (_: string, remoteId: string, { name }: Membership) => {
      fake.crm.grant(remoteId, 'email', 'marketing')
      await write(fake, 'PUT', `/lists/${encodeURIComponent(name)}/members/${remoteId}`)
    },
    createMembership: ({ name }: Membership) =>
      fake.crm.configure({
        lists: [...defaultSchema.lists, ...made.add(name)].map((list) =>
          typeof list === 'string' ? { id: list, name: list, channel: 'email', purpose: 'marketing' } : list,
        ),
      }),
    close: () => fake.close(),
  }
}

// Deals are there when the contract asks for them.
const dialect = {
  ...crmOneDialect,
  contract: { ...crmOneDialect.contract, objects: { ...crmOneDialect.contract.objects, deal: dealContract } },
}

destinationSuite({ destination: (baseUrl) => consenting(crmOne({ token: 'crm-fake-token', baseUrl, dialect })), fake: start })
