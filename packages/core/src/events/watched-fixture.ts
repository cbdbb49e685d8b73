import { path } from '../contract/expression.ts'
import { productSchema, type Price, type Product, type Variant } from '../model/catalog.ts'
import { eventTypes } from '../model/event.ts'
import type { CommerceRecord } from '../model/record.ts'
import { shoppingListSchema, type ShoppingList } from '../model/shopping-list.ts'
import { eventWorld, minute } from './event-fixture.ts'

export const euro = (amount: string): { currency: string; amount: string } => ({ currency: 'EUR', amount })
export const price = (amount: string, more: Partial<Price> = {}): Price => ({ value: euro(amount), ...more })

/** A shirt in one size, changed at a minute. */
export const shirt = (at: number, variant: Partial<Variant>, more: Partial<Product> = {}): Product =>
  productSchema.parse({
    entity: 'product',
    id: 'shirt',
    platformId: 'p-shirt',
    createdAt: minute(0),
    modifiedAt: minute(at),
    published: true,
    name: { en: 'A shirt', de: 'Ein Hemd' },
    urls: { 'eu/de': 'https://shop.example/eu/de/hemd', 'eu/en': 'https://shop.example/eu/en/shirt' },
    categoryPath: [{ en: 'Clothing' }, { en: 'Shirts', de: 'Hemden' }],
    variants: [{ id: '1', sku: 'SHIRT-M', images: ['https://shop.example/shirt.jpg'], ...variant }],
    ...more,
  })

/** A list of an account with the shirt on it since a minute. */
export const list = (
  id: string,
  customerId: string | undefined,
  addedAt: number,
  more: Partial<ShoppingList> = {},
  at = addedAt,
): ShoppingList =>
  shoppingListSchema.parse({
    entity: 'shopping-list',
    id,
    createdAt: minute(0),
    modifiedAt: minute(at),
    name: { en: 'Wishlist' },
    ...(customerId === undefined ? {} : { customerId }),
    items: [{ id: 'i', sku: 'SHIRT-M', addedAt: minute(addedAt) }],
    ...more,
  })

/** A destination that hears of watched goods only, and a shop as it was read in minute 10. */
export const watching = async (...records: CommerceRecord[]) => {
  const fields = Object.fromEntries(
    ['sku', 'productKey', 'productName', 'category', 'currency', 'productUrl', 'url', 'image', 'locale', 'store', 'country'].map((name) => [
      name,
      { value: path(name), type: 'string' as const },
    ]),
  )
  const amounts = Object.fromEntries(
    ['value', 'previousPrice'].map((name) => [name, { value: { op: 'amount' as const, path: name }, type: 'decimal' as const }]),
  )
  const others = eventTypes.map((type) => [type, false] as const)
  const rule = { fields: { ...fields, ...amounts } }
  const world = eventWorld({
    contract: { events: { ...Object.fromEntries(others), 'price.dropped': rule, 'product.back-in-stock': rule } },
  })
  const { shop, crm, millrace } = world
  const pass = async (minutes: number, ...changed: CommerceRecord[]): Promise<void> => {
    for (const record of changed) shop.put(record)
    world.at(minutes)
    await millrace.sync()
  }
  await pass(10, ...records)
  /** What was told, without the name of the source, sorted. */
  const told = (): string[] => world.told('id').map((id) => id.replace(/^shop:/, ''))
  const payloads = () =>
    crm.inputs
      .flat()
      .filter(({ event }) => event !== undefined)
      .map((input) => input.fields)
  const skipped = async (): Promise<string[]> =>
    (await world.store.deliveries({ connection: 'crm', state: 'settled' }, { afterDid: 0, limit: 1_000 }))
      .filter(({ kind, result }) => kind === 'event' && result === 'skipped')
      .flatMap(({ problem }) => problem?.code ?? [])
  return { ...world, told, pass, payloads, skipped }
}

export const at = (minutes: number): number => Date.parse(minute(minutes))
export const dropped = (customerId: string, amount: string, minutes: number): string =>
  `price.dropped:${customerId}:SHIRT-M:${amount}EUR:${at(minutes)}`
export const back = (customerId: string, minutes: number): string => `product.back-in-stock:${customerId}:SHIRT-M:${at(minutes)}`
