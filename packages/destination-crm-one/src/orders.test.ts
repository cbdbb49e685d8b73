import { compileMapping, orderSchema, orderView, type Order } from '@millrace/core'
import { afterEach, expect, test } from 'vitest'
import { dealContract } from './dialects/crm-one-contract.ts'
import { closeCrms, input, openCrm, person, results, type TestCrm } from './test-support/crm.ts'

afterEach(closeCrms)

const at = '2026-03-01T12:00:00.000Z'
const money = (currency: string, amount: string) => ({ currency, amount })

const order = (currency: string, [gross, net, unit]: readonly [string, string, string], more: Partial<Order> = {}): Order => ({
  ...orderSchema.parse({
    entity: 'order',
    id: 'o1',
    number: 'A-1',
    createdAt: at,
    modifiedAt: at,
    placedAt: at,
    orderState: 'confirmed',
    paymentState: 'paid',
    shipmentState: 'shipped',
    paidAt: at,
    store: 'at',
    gross: money(currency, gross),
    net: money(currency, net),
    refunded: money(currency, '0'),
    billingAddress: { firstName: 'Zoë', lastName: "O'Neill", streetName: 'Ring', streetNumber: '1', city: 'Wien', country: 'AT' },
    lines: [{ id: 'l1', sku: 'S-1', name: { de: 'Hemd' }, quantity: 1, unitPrice: money(currency, unit), total: money(currency, gross) }],
  }),
  ...more,
})

const send = async (
  crm: TestCrm,
  object: 'order' | 'deal',
  one: Order,
  parents = [{ object: 'contact', key: 'shop:1', remoteId: 'con_1' }],
) => {
  const view = orderView(one, { key: 'shop:o1', historical: false, deletedAt: null, source: 'shop' })
  const mapped = compileMapping(crm.contract, crm.destination.objects).map(object, view, Date.parse(at))
  expect(mapped.problem).toBeUndefined()
  const children = mapped.children.map((child) => ({ ...child, links: [], changed: true }))
  return crm.deliver(input(object, 'shop:o1', mapped.fields, { children, parents }))
}

test('an order arrives whole, linked to its buyer', async () => {
  const crm = await openCrm()
  await crm.deliver(person('1'))
  expect(results(await send(crm, 'order', order('EUR', ['19.99', '16.66', '19.99'])))).toEqual({ delivered: 1 })
  expect(crm.fake.crm.order('commercetools:shop', 'o1')).toMatchObject({
    contact: { source: 'commercetools:shop', id: '1' },
    number: 'A-1',
    status: 'confirmed',
    paymentStatus: 'paid',
    shipmentStatus: 'shipped',
    currency: 'EUR',
    gross: '19.99',
    net: '16.66',
    store: 'at',
    billingAddress: { name: "Zoë O'Neill", streetAddress: 'Ring 1', locality: 'Wien', country: 'AT' },
    lines: [{ id: 'shop:o1:l1', sku: 'S-1', name: 'Hemd', quantity: 1, unitPrice: '19.99', total: '19.99' }],
  })
})

test.each([
  ['two digits', 'EUR', ['19.99', '16.66', '19.99']],
  ['no digits', 'JPY', ['500', '455', '500']],
  ['three digits', 'KWD', ['1.234', '1.000', '1.234']],
  ['more digits than the currency has', 'EUR', ['0.12345678901234567890', '0.10', '0.12345678901234567890']],
  ['large amounts', 'EUR', ['123456789012345678.99', '1.00', '123456789012345678.99']],
] as const)('money of %s arrives exactly', async (_, currency, amounts) => {
  const crm = await openCrm()
  await crm.deliver(person('1'))
  await send(crm, 'order', order(currency, amounts))
  const arrived = crm.fake.crm.order('commercetools:shop', 'o1')
  expect([arrived?.currency, arrived?.gross, arrived?.net, arrived?.lines[0]?.unitPrice]).toEqual([currency, ...amounts])
})

test('an order of nobody goes out without a contact, one of somebody who is not there waits', async () => {
  const crm = await openCrm()
  expect(results(await send(crm, 'order', order('EUR', ['1.00', '1.00', '1.00']), []))).toEqual({ delivered: 1 })
  expect(crm.fake.crm.order('commercetools:shop', 'o1')?.contact).toBeNull()
  const waiting = await send(crm, 'order', order('EUR', ['1.00', '1.00', '1.00']))
  expect([...waiting.values()]).toMatchObject([{ error: { code: 'contact_unknown', retryable: true } }])
})

test('orders become deals too where the contract says so, with the stage they are in', async () => {
  const crm = await openCrm({ contract: { objects: { deal: dealContract } } })
  await crm.deliver(person('1'))
  expect(results(await send(crm, 'deal', order('EUR', ['19.99', '16.66', '19.99'], { refunded: money('EUR', '5.00') })))).toEqual({
    delivered: 1,
  })
  expect(crm.fake.crm.deal('commercetools:shop', 'o1')).toMatchObject({
    name: 'Order A-1',
    pipeline: 'commerce',
    stage: 'fulfilled',
    amount: '14.99',
    currency: 'EUR',
  })
})
