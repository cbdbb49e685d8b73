import { scaledClock } from '@millrace/adapter-kit/testing'
import type { Millrace } from '@millrace/core'
import { seedShop } from '@millrace/fake-vendors/commercetools'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startMailingWorld, type MailingWorld } from '../support/mailing-world.ts'
import { fold } from '../support/people.ts'

let world: MailingWorld
let millrace: Millrace

beforeAll(async () => {
  world = await startMailingWorld()
  seedShop(world.shop, { customers: 300, orders: 300, products: 40, seed: 11 })
  world.advance(3_600_000)
  millrace = world.open({ clock: scaledClock(20) })
  await millrace.apply()
})
afterAll(() => world.close())

interface Sum {
  centAmount: number
  fractionDigits: number
}

/** Written out by hand, so that it shares no code with the product. */
const decimal = ({ centAmount, fractionDigits }: Sum): string => {
  const digits = String(Math.abs(centAmount)).padStart(fractionDigits + 1, '0')
  const text = fractionDigits === 0 ? digits : `${digits.slice(0, -fractionDigits)}.${digits.slice(-fractionDigits)}`
  return centAmount < 0 ? `-${text}` : text
}

describe('a shop in Dotdigital', () => {
  it('finds nothing wrong after apply, and says what becomes of contacts without a known consent', async () => {
    const findings = (await millrace.check()).connections['dotdigital'] ?? []
    expect(findings.filter(({ level }) => level !== 'ok')).toEqual([])
    expect(findings.map(({ code }) => code)).toEqual(expect.arrayContaining(['list_found', 'unknown_contacts_not_mailable']))
  })

  it('arrives whole: every person once, in the list, not mailable; every order with its contact; the catalogue', async () => {
    const report = await millrace.backfill()
    expect(report.problems).toEqual([])
    expect(report.connections['dotdigital']).toMatchObject({ deadLettered: 0, unconfirmed: 0, retries: 0, parked: 0, pending: 0 })
    const { shop, fake, listId } = world
    const orders = shop.project.all('order')
    const guests = orders.filter((order) => order['customerId'] === undefined)
    const people = new Set([
      ...shop.project.all('customer').map((row) => fold(String(row['email']))),
      ...guests.map((row) => fold(String(row['customerEmail']))),
    ])
    const contacts = fake.account.contacts()
    expect(new Set(contacts.map(({ identifiers }) => identifiers['email']))).toEqual(people)
    expect(contacts).toHaveLength(people.size)
    expect(fake.account.members(listId)).toHaveLength(people.size)
    expect(contacts.filter(({ email }) => email?.status !== 'unsubscribed' || email.optInType !== 'unknown')).toEqual([])
    expect(fake.account.records('Orders')).toHaveLength(orders.length)
    expect(fake.account.records('catalog_shop')).toHaveLength(shop.project.all('product').length)
  })

  it('holds default fields, statuses and amounts as the shop has them', () => {
    const { shop, fake } = world
    const byNumber = new Map(fake.account.records('Orders').map(({ json, owner }) => [json['id'], { json, owner }]))
    const words: Record<string, string> = { Open: 'Pending', Confirmed: 'Paid', Complete: 'Completed', Cancelled: 'Cancelled' }
    for (const order of shop.project.all('order')) {
      const found = byNumber.get(order['orderNumber'])
      expect(found?.json['orderStatus'], String(order['orderNumber'])).toBe(words[String(order['orderState'])])
      expect(found?.json['currency']).toBe((order['totalPrice'] as { currencyCode: string }).currencyCode)
      expect(fake.account.contact(found?.owner ?? 0)?.identifiers['email']).toBe(fold(String(order['customerEmail'])))
      const payments = (order['paymentInfo'] as { payments: unknown[] } | undefined)?.payments ?? []
      const gross = ((order['taxedPrice'] as { totalGross?: Sum } | undefined)?.totalGross ?? order['totalPrice']) as Sum
      if (payments.length === 0) expect(found?.json['orderTotal']).toBe(Number(decimal(gross)))
    }
    for (const customer of shop.project.all('customer')) {
      const fields = fake.account.contactOf(String(customer['email']))?.dataFields
      expect(fields?.['SHOP_CUSTOMER_ID']).toBe(customer.id)
      if (customer['dateOfBirth'] !== undefined) expect(fields?.['SHOP_BIRTHDAY']).toBe(customer['dateOfBirth'])
      if (customer['firstName'] !== undefined) expect(String(fields?.['FULLNAME'])).toContain(String(fields?.['FIRSTNAME']))
    }
  })

  it('sends nothing when nothing has changed', async () => {
    world.fake.resetRequests()
    const report = await millrace.backfill()
    expect(report.connections['dotdigital']).toMatchObject({ delivered: 0, retries: 0 })
    expect(world.fake.count(({ method }) => method !== 'GET')).toBe(0)
  })
})
