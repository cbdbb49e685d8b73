import { afterAll, afterEach, expect, test } from 'vitest'
import type { Input } from '@millrace/core'
import { closeAccounts, input, known, openAccount, people, person } from './test-support/account.ts'

const table: { what: string; requests: number; allowed: number }[] = []

const note = (what: string, requests: number, allowed: number): void => {
  table.push({ what, requests, allowed })
  expect(requests, what).toBeLessThanOrEqual(allowed)
}

afterEach(closeAccounts)
afterAll(() => {
  const rows = table.map(({ what, requests, allowed }) => `${what.padEnd(55)}${String(requests).padStart(5)} of ${allowed}`)
  process.stdout.write(`\nrequests\n${rows.join('\n')}\n`)
})

test('1,000 changed contacts with a tag and two lists take at most 8 requests', async () => {
  const { fake, settle } = await openAccount()
  const [news, club] = [fake.account.addList('News'), fake.account.addList('Club')]
  const inputs = people(1_000)
  const before = await settle(...inputs)
  const memberships: Input['memberships'] = [
    { kind: 'tag', name: 'shop:group:vip' },
    { kind: 'list', name: news },
    { kind: 'list', name: club },
  ]
  // The lists of the account are read once per process.
  await settle(person('warm', {}, { memberships, membershipsChanged: true }))
  fake.resetRequests()
  await settle(...inputs.map((one) => known(one, before.get(one.unit), { lastName: 'New' }, { memberships, membershipsChanged: true })))
  note('1,000 changed contacts, a tag and two lists each', fake.count(), 8)
  const everybody = fake.account.contacts().filter(({ email }) => email.startsWith('p'))
  expect(
    everybody.every(({ lastName, tags, lists }) => lastName === 'New' && tags.length === 1 && lists[news] === '1' && lists[club] === '1'),
  ).toBe(true)
  expect(everybody).toHaveLength(1_000)
})

test('1,000 new contacts', async () => {
  const { fake, settle, destination, ctx } = await openAccount()
  const inputs = people(1_000)
  const values = inputs.map(({ fields }) => String(fields['email']))
  await destination.find?.({ object: 'contact', by: 'email', values }, ctx)
  await settle(...inputs)
  note('1,000 new contacts, looked for and identified', fake.count(), 25)
})

test('a single change takes one request, with a tag one more, with a list two more, and nothing for what is unchanged', async () => {
  const { fake, deliver } = await openAccount()
  const news = fake.account.addList('News')
  const vip = { kind: 'tag', name: 'vip' } as const
  const list = { kind: 'list', name: news } as const
  const cost = async (name: string, more: Partial<Input>, allowed: number): Promise<void> => {
    const one = person(name, {}, { memberships: [] })
    const outcome = (await deliver(one)).get(one.unit)
    await deliver(person(`${name}-warm`, {}, { memberships: [vip, list], membershipsChanged: true }))
    fake.resetRequests()
    await deliver(known(one, outcome, { lastName: 'New' }, more))
    note(`single change: ${name}`, fake.count(), allowed)
  }
  await cost('field', {}, 1)
  await cost('field+tag', { memberships: [vip], membershipsChanged: true }, 2)
  await cost('field+list', { memberships: [list], membershipsChanged: true }, 3)
  await cost('field+unchanged', { memberships: [vip, list], membershipsChanged: false }, 1)
})

test('1,000 orders take at most 25 requests', async () => {
  const { fake, settle, deliver } = await openAccount()
  const buyers = people(400)
  const contacts = await settle(...buyers)
  fake.resetRequests()
  const orders = Array.from({ length: 1_000 }, (_, n) => {
    const buyer = buyers[n % 400]
    return input(
      'order',
      `shop:o${n}`,
      {
        email: String(buyer?.fields['email']),
        connection: 'shop',
        currency: 'EUR',
        finalAmount: '19.99',
        storeCreatedDate: '2026-03-01T10:00:00.000Z',
        normalizedStatus: 'COMPLETED',
      },
      {
        parents: [{ object: 'contact', key: buyer?.key ?? '', remoteId: contacts.get(buyer?.unit ?? '')?.remoteId ?? '' }],
        children: [
          {
            object: 'line',
            key: `shop:o${n}:1`,
            fields: { name: 'Mug', sku: 'MUG', quantity: 1, priceAmount: '19.99' },
            links: [],
            changed: true,
          },
        ],
      },
    )
  })
  await deliver(...orders)
  note('1,000 orders', fake.count(), 25)
  expect(fake.account.orders()).toHaveLength(1_000)
  expect(fake.account.contacts()).toHaveLength(400)
})
