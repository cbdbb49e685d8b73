import type { HostileKind } from './kind.ts'

/** Products and categories that lack something or run in circles. */
export const hostileCatalog: readonly HostileKind[] = [
  {
    id: 'product-without-price',
    what: 'Product without any price',
    expected: 'Deliver without price: not 0.00',
    fate: 'delivered',
    seed: (add) => void add.product({}, { variant: { prices: [] } }),
  },
  {
    id: 'product-without-name',
    what: 'Product without a name in any language',
    expected: 'Fall back to key or SKU, or isolate; never an empty required field',
    fate: 'either',
    seed: (add) => void add.product({}, { data: { name: {}, slug: {} } }),
  },
  {
    id: 'product-without-sku',
    what: 'Product without SKU and key',
    expected: 'Keyed by id',
    fate: 'delivered',
    seed: (add) => void add.product({ key: undefined }, { variant: { sku: undefined, key: undefined } }),
  },
  {
    id: 'products-share-sku',
    what: 'Two products with the same SKU',
    expected: 'Two products under our own key; where the destination keeps SKU unique, one is isolated or sent without',
    fate: 'either',
    seed(add) {
      add.product({}, { variant: { sku: 'SHARED-SKU' } }, '1')
      add.product({}, { variant: { sku: 'SHARED-SKU' } }, '2')
    },
  },
  {
    id: 'attribute-of-unknown-type',
    what: 'Attributes that the product type does not define, one of a type that does not exist, one too deep',
    expected: 'Left out or as text; the product arrives',
    fate: 'delivered',
    seed: (add) =>
      void add.product(
        {},
        {
          variant: {
            attributes: [
              { name: 'hologram', value: { type: 'hologram', layers: [[[[1]]]] } },
              { name: '__proto__', value: 'x' },
              { name: 'weight', value: 'heavy' },
            ],
          },
        },
      ),
  },
  {
    id: 'product-type-missing',
    what: 'Product whose product type was removed',
    expected: 'Attributes by name without types; the product arrives',
    fate: 'delivered',
    seed: (add) =>
      void add.product(
        { productType: { typeId: 'product-type', id: 'type-gone' } },
        { variant: { attributes: [{ name: 'colour', value: 'red' }] } },
      ),
  },
  {
    id: 'odd-product-key',
    what: 'Product keys with slashes, blanks and the name of a prototype',
    expected: 'Encoded in paths; an own key at the destination',
    fate: 'delivered',
    seed(add) {
      add.product({ key: 'a/b c?d=e#f%20' }, {}, '1')
      add.product({ key: '__proto__' }, {}, '2')
    },
  },
  {
    id: 'hundred-variants',
    what: 'Product with 100 variants of ten prices each',
    expected: 'Pages are weighed; it arrives whole',
    fate: 'delivered',
    seed(add) {
      const prices = Array.from({ length: 10 }, (_, index) => ({
        id: `p${index}`,
        value: { type: 'centPrecision', currencyCode: 'EUR', centAmount: 1000 + index, fractionDigits: 2 },
      }))
      const variants = Array.from({ length: 99 }, (_, index) => ({
        id: index + 2,
        sku: `${add.id()}-${index}`,
        prices,
        images: [],
        attributes: [],
        assets: [],
      }))
      add.product({}, { data: { variants } })
    },
  },
  {
    id: 'unsafe-image-address',
    what: 'Image addresses that are none or run script',
    expected: 'Only http and https addresses are sent',
    fate: 'delivered',
    seed: (add) =>
      void add.product(
        {},
        {
          variant: {
            images: [
              { url: 'javascript:alert(1)', dimensions: { w: 1, h: 1 } },
              { url: 'not a url', dimensions: { w: 1, h: 1 } },
            ],
          },
        },
      ),
  },
  {
    id: 'category-cycle',
    what: 'Two categories that are each other’s parent',
    expected: 'The walk up ends; a path is cut where it repeats',
    fate: 'delivered',
    seed(add) {
      add.category({ parent: { typeId: 'category', id: add.id('b') } }, 'a')
      add.category({ parent: { typeId: 'category', id: add.id('a') } }, 'b')
    },
  },
  {
    id: 'category-parent-missing',
    what: 'Category whose parent does not exist, and a product in a category that does not',
    expected: 'A root for us; the product is not parked for ever',
    fate: 'delivered',
    seed(add) {
      add.category({ parent: { typeId: 'category', id: 'category-gone' } })
      add.product({}, { data: { categories: [{ typeId: 'category', id: 'category-gone' }] } })
    },
  },
]
