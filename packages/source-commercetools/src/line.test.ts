import type { CustomLineItem, LineItem } from '@commercetools/platform-sdk'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Names, noNames } from './names.ts'
import { baseLine, eur, mapOrder, money } from './test-rows.ts'

describe('lines', () => {
  const lineOf = (row: Partial<LineItem>, names?: Names) => mapOrder({ lineItems: [{ ...baseLine, ...row }] }, [], names).lines[0]

  it('carry the snapshot of the variant', () => {
    expect(lineOf({})).toMatchObject({
      kind: 'product',
      sku: 'SKU-2',
      productId: 'p1',
      variantId: '2',
      name: { en: 'Shirt' },
      imageUrl: 'https://img.example/1.jpg',
      attributes: { colour: 'red' },
    })
  })

  it('sold at a reduced price show what was taken off, all pieces together', () => {
    const price = {
      id: 'pr',
      value: money(1000),
      discounted: { value: money(800), discount: { typeId: 'product-discount' as const, id: 'd' } },
    }
    expect(lineOf({ price, quantity: 3, totalPrice: money(2400) })).toMatchObject({
      listPrice: eur('10.00'),
      unitPrice: eur('8.00'),
      discount: eur('6.00'),
    })
  })

  it('reach the tier of their quantity, unless the price is reduced', () => {
    const tiers = [
      { minimumQuantity: 2, value: money(900) },
      { minimumQuantity: 10, value: money(700) },
    ]
    expect(lineOf({ price: { id: 'pr', value: money(1000), tiers }, totalPrice: money(1800) })).toMatchObject({
      listPrice: eur('9.00'),
      unitPrice: eur('9.00'),
    })
  })

  it('with pieces of different prices have a rounded unit price and an exact total', () => {
    const portion = (quantity: number, value: number) => ({ quantity, discountedPrice: { value: money(value), includedDiscounts: [] } })
    expect(lineOf({ quantity: 3, totalPrice: money(2000), discountedPricePerQuantity: [portion(1, 1000), portion(2, 500)] })).toMatchObject(
      { unitPrice: eur('6.67'), total: eur('20.00') },
    )
  })

  it('of quantity 0 divide by nothing', () => {
    expect(
      lineOf({
        quantity: 0,
        totalPrice: money(0),
        discountedPricePerQuantity: [
          { quantity: 1, discountedPrice: { value: money(1), includedDiscounts: [] } },
          { quantity: 1, discountedPrice: { value: money(2), includedDiscounts: [] } },
        ],
      }),
    ).toMatchObject({ quantity: 0, total: eur('0.00') })
  })

  it('that are gifts say so and cost nothing', () => {
    const portions = [
      {
        quantity: 2,
        discountedPrice: {
          value: money(0),
          includedDiscounts: [{ discount: { typeId: 'cart-discount' as const, id: 'g' }, discountedAmount: money(1000) }],
        },
      },
    ]
    expect(lineOf({ lineItemMode: 'GiftLineItem', totalPrice: money(0), discountedPricePerQuantity: portions })).toMatchObject({
      kind: 'gift',
      unitPrice: eur('0.00'),
      total: eur('0.00'),
      discount: eur('20.00'),
    })
  })

  it('with 20 digits stay exact', () => {
    const value = { type: 'highPrecision' as const, currencyCode: 'EUR', centAmount: 0, preciseAmount: 12345, fractionDigits: 20 }
    expect(lineOf({ price: { id: 'pr', value } })?.unitPrice).toEqual(eur('0.00000000000000012345'))
  })

  it('of a custom kind may be negative', () => {
    const custom: CustomLineItem = {
      id: 'c1',
      name: { en: 'Voucher' },
      money: money(-500),
      totalPrice: money(-500),
      slug: 'voucher',
      quantity: 1,
      state: [],
      discountedPricePerQuantity: [],
      taxedPricePortions: [],
      perMethodTaxRate: [],
      priceMode: 'Standard',
    }
    expect(mapOrder({ customLineItems: [custom] }).lines).toMatchObject([
      { kind: 'custom', unitPrice: eur('-5.00'), total: eur('-5.00'), name: { en: 'Voucher' } },
    ])
  })

  it('know their cost from a money field of the line, else of the variant', () => {
    const field = (centAmount: number) => ({ type: { typeId: 'type' as const, id: 't' }, fields: { cost: money(centAmount) } })
    const variant = { id: 1, attributes: [{ name: 'cost', value: money(300) }] }
    expect(lineOf({ custom: field(450), variant })?.cost).toEqual(eur('4.50'))
    expect(lineOf({ variant })?.cost).toEqual(eur('3.00'))
    expect(lineOf({ variant: { id: 1, attributes: [{ name: 'cost', value: 'cheap' }] } })?.cost).toBeUndefined()
  })

  it('name the product by its key of today', () => {
    const names: Names = {
      ...noNames,
      product: () => ({ key: 'shirt', categoryIds: ['c'] }),
      category: () => ({ recordId: 'tops', parentRecordId: undefined, path: [{ en: 'Tops' }] }),
    }
    expect(lineOf({ productKey: 'old' }, names)).toMatchObject({ productKey: 'shirt', categoryPath: [{ en: 'Tops' }] })
  })
})

describe('totals', () => {
  it('hold for any lines: what is off the list price and what is paid make the list price', () => {
    const line = fc.record({
      list: fc.integer({ min: 0, max: 1_000_000 }),
      off: fc.nat(100),
      cut: fc.nat(100),
      quantity: fc.integer({ min: 1, max: 99 }),
    })
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), (drafts) => {
        const lineItems = drafts.map(({ list, off, cut, quantity }, index): LineItem => {
          const sale = list - Math.floor((list * off) / 100)
          const final = sale - Math.floor((sale * cut) / 100)
          const discounted =
            off === 0 ? {} : { discounted: { value: money(sale), discount: { typeId: 'product-discount' as const, id: 'd' } } }
          const portion = {
            quantity,
            discountedPrice: {
              value: money(final),
              includedDiscounts: [{ discount: { typeId: 'cart-discount' as const, id: 'c' }, discountedAmount: money(sale - final) }],
            },
          }
          return {
            ...baseLine,
            id: `l${index}`,
            quantity,
            price: { id: 'p', value: money(list), ...discounted },
            totalPrice: money(final * quantity),
            discountedPricePerQuantity: cut === 0 ? [] : [portion],
          }
        })
        for (const mapped of mapOrder({ lineItems }).lines) {
          const cents = (amount: { amount: string } | undefined) => Math.round(Number(amount?.amount ?? '0') * 100)
          expect(cents(mapped.listPrice) * mapped.quantity - cents(mapped.discount)).toBe(cents(mapped.total))
        }
      }),
    )
  })
})
