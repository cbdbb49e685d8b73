import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addMoney, compareMoney, fromMinorUnits, subtractMoney, zero } from '../model/money.ts'
import type { Money } from '../model/money.ts'
import { orderSchema } from '../model/order.ts'
import type { Order } from '../model/order.ts'
import { orderView, orderViewSchema } from './order-view.ts'
import type { OrderView } from './order-view.ts'

const at = '2026-03-01T12:00:00.000Z'
const eur = (amount: string): Money => ({ currency: 'EUR', amount })

const order = (over: Record<string, unknown> = {}): Order =>
  orderSchema.parse({
    entity: 'order',
    id: 'o1',
    createdAt: at,
    modifiedAt: at,
    placedAt: at,
    gross: eur('119.00'),
    refunded: eur('0.00'),
    ...over,
  })

const view = (over: Record<string, unknown> = {}): OrderView =>
  orderView(order(over), { key: 'shop:o1', historical: false, deletedAt: null, source: 'shop' })

const line = (over: Record<string, unknown>): Record<string, unknown> => ({
  id: 'l1',
  quantity: 1,
  unitPrice: eur('10.00'),
  total: eur('10.00'),
  ...over,
})

describe('the view of an order', () => {
  it('holds what its schema promises', () => {
    const full = view({ net: eur('100.00'), refunded: eur('19.00'), locale: 'de-AT', lines: [line({ name: { 'de-DE': 'Hemd' } })] })
    expect(orderViewSchema.parse(full)).toEqual(full)
  })

  it('is named by number, else by id', () => {
    expect(view({ number: 'A-7' }).name).toBe('A-7')
    expect(view().name).toBe('o1')
  })

  it('sends orders from quotes to the sales-assisted pipeline', () => {
    expect(view({ origin: 'quote' }).pipeline).toBe('sales-assisted')
    expect(view({ origin: 'merchant' }).pipeline).toBe('commerce')
  })

  it('lowers the amount due by refunds and leaves gross alone', () => {
    expect(view({ net: eur('100.00'), refunded: eur('59.50') })).toMatchObject({
      gross: eur('119.00'),
      amountDue: eur('59.50'),
      netDue: eur('50.00'),
      refundState: 'partial',
    })
    expect(view({ net: eur('100.00'), refunded: eur('130.00') })).toMatchObject({
      amountDue: eur('0.00'),
      netDue: eur('0.00'),
      refundState: 'full',
    })
    expect(view({ net: eur('100.00') })).toMatchObject({ amountDue: eur('119.00'), netDue: eur('100.00'), refundState: 'none' })
  })

  it('makes up no amount that the source does not know', () => {
    expect(view().netDue).toBeUndefined()
    expect(view({ refunded: { currency: 'JPY', amount: '5' } }).amountDue).toBeUndefined()
    expect(view({ net: { currency: 'JPY', amount: '5' } }).netDue).toBeUndefined()
  })

  it('adds up its lines exactly, those below zero too, and not across currencies', () => {
    expect(view({ lines: [line({ total: eur('19.99') }), line({ id: 'l2', total: eur('-5.005') })] }).subtotal).toEqual(eur('14.985'))
    expect(view({ lines: [line({ total: { currency: 'JPY', amount: '500' } })] }).subtotal).toBeUndefined()
    expect(view().subtotal).toEqual(eur('0.00'))
  })

  it('sets lines below zero apart and counts goods only', () => {
    const { lines, reductions, itemCount, skus } = view({
      lines: [
        line({ id: 'a', sku: 'A', quantity: 3 }),
        line({ id: 'b', sku: 'A', quantity: 1 }),
        line({ id: 'gift', kind: 'gift', sku: 'G', unitPrice: eur('0.00'), total: eur('0.00') }),
        line({ id: 'fee', kind: 'custom' }),
        line({ id: 'voucher', kind: 'custom', unitPrice: eur('-5.00'), total: eur('-5.00') }),
      ],
    })
    expect(lines.map(({ id }) => id)).toEqual(['a', 'b', 'gift', 'fee'])
    expect(reductions.map(({ key }) => key)).toEqual(['shop:o1:voucher'])
    expect(itemCount).toBe(5)
    expect(skus).toEqual(['A', 'G'])
  })

  it("names lines in the order's language, and the product they refer to by its key where it has one", () => {
    const { lines } = view({
      number: 'A-7',
      locale: 'de-AT',
      lines: [
        line({ id: 'a', name: { en: 'Shirt', 'de-DE': 'Hemd' }, productId: 'p1', productKey: 'shirt' }),
        line({ id: 'b', name: { fr: 'Chemise' }, productId: 'p2' }),
        line({ id: 'c', name: {}, sku: 'C' }),
      ],
    })
    expect(lines.map(({ nameText }) => nameText)).toEqual(['Hemd', 'Chemise', 'C'])
    expect(lines.map(({ productUnit }) => productUnit)).toEqual(['product:shop:shirt', 'product:shop:p2', undefined])
    expect(lines[0]).toMatchObject({
      key: 'shop:o1:a',
      orderKey: 'shop:o1',
      orderNumber: 'A-7',
      currency: 'EUR',
      position: 1,
      price: eur('10.00'),
    })
  })

  it('finds the country in the addresses when the order names none', () => {
    expect(view({ shippingAddress: { country: 'AT' }, billingAddress: { country: 'DE' } }).country).toBe('AT')
    expect(view({ country: 'FR', shippingAddress: { country: 'AT' } }).country).toBe('FR')
  })

  it('keeps gross = due + refunded for every currency, unless more was refunded than was owed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(['JPY', 0], ['EUR', 2], ['KWD', 3], ['EUR', 12]),
        fc.nat(),
        fc.nat(),
        fc.nat(),
        ([currency, digits], gross, refunded, net) => {
          const money = (units: number): Money => fromMinorUnits(currency, units, digits)
          const result = view({ gross: money(gross), refunded: money(refunded), net: money(Math.min(net, gross)) })
          const nothing = zero(currency)
          const due = result.amountDue ?? nothing
          expect(compareMoney(due, nothing)).toBeGreaterThanOrEqual(0)
          if (refunded <= gross) expect(compareMoney(addMoney(due, money(refunded)), money(gross))).toBe(0)
          else expect(compareMoney(due, nothing)).toBe(0)
          expect(compareMoney(result.netDue ?? nothing, nothing)).toBeGreaterThanOrEqual(0)
          // Rounding to the currency's digits adds at most half a unit.
          const slack = fromMinorUnits(currency, 1n, 0)
          expect(compareMoney(result.netDue ?? nothing, addMoney(due, slack))).toBeLessThanOrEqual(0)
          expect(compareMoney(subtractMoney(money(gross), result.gross), nothing)).toBe(0)
        },
      ),
    )
  })
})
