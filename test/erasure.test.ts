import { copyFileSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Millrace } from '@millrace/core'
import { notificationsOf } from '@millrace/fake-vendors/commercetools'
import { signedRequests, signRequest } from '@millrace/intake'
import { startWorld, type World } from './support/world.ts'

const canary = 'canary7f3a'
const email = `${canary}@example.com`
const eur = (centAmount: number) => ({ type: 'centPrecision', currencyCode: 'EUR', centAmount, fractionDigits: 2 })

let world: World
beforeEach(async () => {
  world = await startWorld()
})
afterEach(() => world.close())

const at = (): string => new Date(world.shop.now()).toISOString()

const addCustomer = (id: string, address: string, lastName: string) =>
  world.shop.project.add('customer', {
    id,
    createdAt: at(),
    email: address,
    firstName: 'Pat',
    lastName,
    addresses: [{ id: 'a', country: 'DE', streetName: `${lastName} street`, phone: '+4930123456' }],
    stores: [],
  })

const addOrder = (id: string, extra: Record<string, unknown>) =>
  world.shop.project.add('order', {
    id,
    orderNumber: `N-${id}`,
    createdAt: at(),
    lineItems: [],
    customLineItems: [],
    shipping: [],
    totalPrice: eur(5000),
    orderState: 'Open',
    paymentState: 'Paid',
    origin: 'Customer',
    ...extra,
  })

/** The person with an account, an order of it and a guest order; and a bystander of the same name. */
const seed = (): void => {
  addCustomer('c1', email, canary)
  addOrder('o1', { customerId: 'c1', customerEmail: email, shippingAddress: { country: 'DE', lastName: canary, streetName: canary } })
  addOrder('o2', { customerEmail: email.toUpperCase(), billingAddress: { country: 'AT', lastName: canary } })
  addCustomer('c2', 'bystander@example.com', 'Bystander')
}

const contacts = (): string[] => world.portal.portal.all('contacts').map(({ properties }) => properties['email'] ?? '')

/** Everything in the files of the store, as text. */
const files = (): string =>
  readdirSync(dirname(world.path))
    .filter((name) => name.startsWith('store.db'))
    .map((name) => readFileSync(join(dirname(world.path), name), 'latin1'))
    .join('\n')

const filled = async (): Promise<Millrace> => {
  seed()
  world.advance(600_000)
  const millrace = world.open()
  await millrace.apply()
  await millrace.backfill()
  expect(contacts().toSorted()).toEqual(['bystander@example.com', email])
  return millrace
}

describe('a person who is erased', () => {
  it('is found nowhere any more: not in HubSpot, not in the files of the store; the books stay, the bystander too', async () => {
    const millrace = await filled()
    expect(files().toLowerCase()).toContain(canary)
    const planned = await millrace.erase({ email }, { dryRun: true })
    expect(planned).toMatchObject({
      dryRun: true,
      store: null,
      records: { customer: 1, order: 2 },
      connections: { hubspot: { result: 'planned' } },
    })
    expect(contacts()).toHaveLength(2)

    const proof = await millrace.erase({ email: email.toUpperCase() })
    expect(proof).toMatchObject({
      complete: true,
      connections: { hubspot: { result: 'erased', found: 0 } },
      store: { records: 1, scrubbed: 2 },
    })
    expect(JSON.stringify(proof).toLowerCase()).not.toContain(canary)
    expect(contacts()).toEqual(['bystander@example.com'])
    expect(JSON.stringify(world.portal.portal.all('deals')).toLowerCase()).not.toContain(canary)
    expect(world.portal.portal.count('deals')).toBe(2)
    expect((await millrace.auditLog(1))[0]).toMatchObject({ action: 'erase', detail: { complete: true } })
    await millrace.close()
    expect(files().toLowerCase()).not.toContain(canary)
  })

  it('does not come back, whatever the source still holds and whichever way it is read', async () => {
    const millrace = await filled()
    await millrace.erase({ email })
    world.shop.project.update('customer', 'c1', { firstName: 'Again' })
    world.shop.project.update('order', 'o1', { orderState: 'Confirmed' })
    world.advance(600_000)
    await millrace.sync()
    await millrace.backfill()
    await millrace.push([
      { source: 'shop', entity: 'customer', id: 'c1' },
      { source: 'shop', entity: 'order', id: 'o2' },
    ])
    await millrace.deadLetters.replay({})
    await millrace.sync()
    expect(contacts()).toEqual(['bystander@example.com'])
    const [deal] = world.portal.portal.find('deals', 'shop_order_number', 'N-o1')
    expect(deal?.properties).toMatchObject({ shop_order_state: 'confirmed', amount: '50.00' })
    await millrace.close()
    expect(files().toLowerCase()).not.toContain(canary)
  })

  it('does not come back when an older copy of the store is put in its place', async () => {
    const millrace = await filled()
    await millrace.close()
    const copy = join(dirname(world.path), 'backup.copy')
    copyFileSync(world.path, copy)
    const second = world.open()
    await second.erase({ email })
    await second.close()
    copyFileSync(copy, world.path)
    expect(files().toLowerCase()).toContain(canary)
    const third = world.open()
    await third.sync()
    await third.backfill()
    expect(contacts()).toEqual(['bystander@example.com'])
    await third.close()
    copyFileSync(world.path, copy)
    expect(files().toLowerCase()).not.toContain(canary)
  })

  it('who registers again afterwards is a new person', async () => {
    const millrace = await filled()
    await millrace.erase({ email })
    world.shop.project.delete('customer', 'c1')
    world.advance(3_600_000)
    addCustomer('c9', email, 'Newcomer')
    world.advance(600_000)
    await millrace.sync()
    expect(contacts().toSorted()).toEqual(['bystander@example.com', email])
    const [contact] = world.portal.portal.find('contacts', 'email', email)
    expect(contact?.properties).toMatchObject({ shop_customer_id: 'c9', shop_order_count: '0' })
  })

  it('is told everything before, on request, and nothing afterwards', async () => {
    const millrace = await filled()
    const told = await millrace.export({ email })
    expect(told.records).toHaveLength(3)
    expect(told.connections['hubspot']?.objects.map(({ object }) => object)).toEqual(expect.arrayContaining(['contact', 'deal']))
    expect(JSON.stringify(told)).toContain(canary)
    await millrace.erase({ email })
    expect(JSON.stringify(await millrace.export({ email }))).not.toContain(canary)
  })

  it('at a destination that is down is erased here, reported as open, and erased there the next time', async () => {
    const millrace = await filled()
    world.portal.faults.next({ kind: 'reply', reply: { status: 500, body: {} } }, { path: '/crm/objects/2026-03/contacts/gdpr-delete' })
    const first = await millrace.erase({ email })
    expect(first).toMatchObject({ complete: false, connections: { hubspot: { result: 'failed' } }, store: { records: 1 } })
    expect(await millrace.erase({ email })).toMatchObject({ complete: true, connections: { hubspot: { result: 'erased' } } })
    expect(contacts()).toEqual(['bystander@example.com'])
  })
})

it('whom the shop erased is erased everywhere, when it announces that', async () => {
  seed()
  world.advance(600_000)
  const secret = 'a secret of at least 32 characters!'
  const millrace = world.open({ notifications: { shop: { transport: signedRequests({ secret }) } } })
  await millrace.apply()
  await millrace.backfill()
  const row = world.shop.project.get('customer', 'c1')
  world.shop.project.delete('customer', 'c1')
  const body = JSON.stringify(
    notificationsOf(world.shop.projectKey).deleted('customer', row ?? { id: '', version: 0, createdAt: '', lastModifiedAt: '' }, {
      dataErasure: true,
    }),
  )
  const request = new Request('http://x/shop', { method: 'POST', body, headers: signRequest(secret, body, Date.now()) })
  expect((await millrace.notifications.handle(request)).status).toBe(204)
  await millrace.notifications.process()
  expect(contacts()).toEqual(['bystander@example.com'])
  await millrace.close()
  expect(files().toLowerCase()).not.toContain(canary)
})

it('somebody nobody knows is erased nowhere, and stays unknown', async () => {
  const millrace = await filled()
  expect(await millrace.erase({ email: 'nobody@example.com' })).toMatchObject({
    complete: true,
    connections: { hubspot: { result: 'absent' } },
    store: { records: 0, deliveries: 0 },
  })
  expect(world.portal.requests.filter(({ path }) => path.includes('gdpr-delete'))).toEqual([])
})

it('what is no e-mail is refused', async () => {
  const millrace = world.open()
  await expect(millrace.erase({ email: 'nobody' })).rejects.toMatchObject({ code: 'reference_invalid' })
})
