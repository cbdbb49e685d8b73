import { describe, expect, it } from 'vitest'
import { recordSchema } from '../model/record.ts'
import { cartViewSchema } from './cart-view.ts'
import { categoryViewSchema } from './category-view.ts'
import { companyViewSchema } from './company-view.ts'
import { productViewSchema } from './product-view.ts'
import { recordView } from './record-view.ts'
import { pickText } from './text.ts'
import type { View } from './view.ts'

const at = '2026-03-01T12:00:00.000Z'
const eur = (amount: string): { currency: string; amount: string } => ({ currency: 'EUR', amount })

const view = (entity: string, over: Record<string, unknown>, deletedAt: number | null = null): View =>
  recordView(recordSchema.parse({ entity, id: 'x1', platformId: 'p-1', createdAt: at, modifiedAt: at, key: 'shop-key', ...over }), {
    key: 'shop:x1',
    historical: true,
    deletedAt,
    source: 'shop',
  })

describe('the view of a product', () => {
  const product = view('product', {
    published: true,
    name: { en: 'Shirt' },
    urls: { 'b/en': 'https://b', 'a/en': 'https://a' },
    variants: [
      {
        id: '1',
        prices: [
          { value: eur('9.00'), country: 'DE' },
          { value: eur('10.00'), discounted: eur('8.00') },
          { value: { currency: 'JPY', amount: '1500' } },
        ],
      },
      {
        id: '2',
        sku: 'S-2',
        stock: 3,
        images: ['https://i'],
        cost: eur('4.00'),
        prices: [{ value: { currency: 'USD', amount: '11.00' } }],
      },
      { id: '3', sku: 'S-3', stock: 4, key: 'v3' },
    ],
  })

  it('shows the first variant that has a value, and the price with the fewest conditions', () => {
    expect(productViewSchema.parse(product)).toEqual(product)
    expect(product).toMatchObject({
      key: 'shop:x1',
      shopKey: 'shop-key',
      sku: 'S-2',
      skus: ['S-2', 'S-3'],
      stock: 7,
      variantCount: 3,
      historical: true,
      price: eur('10.00'),
      discountedPrice: eur('8.00'),
      cost: eur('4.00'),
      imageUrl: 'https://i',
      url: 'https://a',
      priceByCurrency: { EUR: eur('10.00'), JPY: { currency: 'JPY', amount: '1500' }, USD: { currency: 'USD', amount: '11.00' } },
    })
  })

  it('knows no stock where none is tracked', () => {
    expect(view('product', { published: false, name: {}, variants: [{ id: '1' }] })).toMatchObject({
      stock: undefined,
      price: undefined,
      sku: undefined,
    })
  })
})

describe('the views of the other records', () => {
  it('category', () => {
    const category = view('category', { name: { en: 'Shoes' }, path: [{ en: 'All' }, { en: 'Shoes' }] }, Date.UTC(2026, 2, 2))
    expect(categoryViewSchema.parse(category)).toEqual(category)
    expect(category).toMatchObject({ key: 'shop:x1', shopKey: 'shop-key', level: 2, deletedAt: '2026-03-02T00:00:00.000Z' })
  })

  it('company', () => {
    const company = view('company', { name: 'Acme', addresses: [{ city: 'Wien' }, { country: 'AT', phone: '+43' }] })
    expect(companyViewSchema.parse(company)).toEqual(company)
    expect(company).toMatchObject({ country: 'AT', phone: '+43', status: 'active' })
  })

  it('cart', () => {
    const cart = view('cart', {
      state: 'active',
      gross: eur('20.00'),
      locale: 'de_DE',
      lines: [{ id: 'l', sku: 'A', quantity: 2, unitPrice: eur('10.00'), total: eur('20.00') }],
    })
    expect(cartViewSchema.parse(cart)).toEqual(cart)
    expect(cart).toMatchObject({ currency: 'EUR', language: 'de', itemCount: 2, skus: ['A'] })
  })

  it('a customer alone is a person with one account', () => {
    expect(view('customer', { email: 'a@example.com' })).toMatchObject({
      key: 'shop:x1',
      customerIds: ['x1'],
      registered: true,
      historical: true,
    })
  })
})

describe('localized text', () => {
  const texts = { en: 'Shirt', 'de-DE': 'Hemd', fr: ' ', it: 'Camicia' }
  it.each([
    [['de-DE'], 'Hemd'],
    [['de'], 'Hemd'],
    [['de-AT'], 'Hemd'],
    [['fr', 'it'], 'Camicia'],
    [['es'], 'Hemd'],
    [[], 'Hemd'],
    [['__proto__'], 'Hemd'],
  ])('in %j is %s', (locales, text) => {
    expect(pickText(texts, locales)).toBe(text)
  })

  it('prefers a region that is listed to one that is not, and is blank without texts', () => {
    expect(pickText({ 'de-AT': 'Jänner', 'de-CH': 'Januar' }, ['de', 'de-CH'])).toBe('Januar')
    expect(pickText({}, ['de'])).toBeUndefined()
  })
})
