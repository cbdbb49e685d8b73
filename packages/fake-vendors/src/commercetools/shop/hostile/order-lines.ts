import { createDice } from '../dice.ts'
import { customLine } from '../lines.ts'
import { money } from '../money.ts'
import { taxed } from '../tax.ts'
import { HOME, type HostileKind } from './kind.ts'

const dice = createDice(77)

/** Orders whose lines are many, none, free, negative, doubled or orphaned. */
export const hostileLines: readonly HostileKind[] = [
  {
    id: 'deleted-product',
    what: 'Line of a deleted product: empty slug, no product key',
    expected: 'Deliver the line from its snapshot; no product is made for it, the order is not parked for ever',
    fate: 'delivered',
    seed: (add) => void add.order({ lines: [add.line({ productId: 'product-deleted', productSlug: {}, productKey: undefined })] }),
  },
  {
    id: 'five-hundred-lines',
    what: 'Order with 500 lines',
    expected: 'All 500 lines arrive, in as many batches as the vendor needs; pages are weighed, memory stays flat',
    fate: 'delivered',
    seed: (add) => void add.order({ lines: Array.from({ length: 500 }, (_, index) => add.line({ id: `line-${index}` }, 1 + (index % 3))) }),
  },
  {
    id: 'negative-custom-line',
    what: 'Custom line of -5.00, a credit',
    expected: 'No negative line is sent; it lowers the order as a discount and totals stay exact',
    fate: 'delivered',
    seed: (add) => void add.order({ customLines: [customLine(dice, HOME, 'Goodwill credit', -500)] }),
  },
  {
    id: 'gift-line',
    what: 'Gift line: price 19.90, total 0',
    expected: 'A line of 0.00; the list price is not counted as revenue',
    fate: 'delivered',
    seed(add) {
      const nothing = money('EUR', 0)
      const gift = add.line({ id: 'gift', lineItemMode: 'GiftLineItem', totalPrice: nothing })
      add.order({ lines: [add.line(), { ...gift, taxedPrice: taxed(nothing, gift.taxRate) }] })
    },
  },
  {
    id: 'no-lines',
    what: 'Order without lines and custom lines',
    expected: 'Deliver with what it costs to ship; no empty batch is sent',
    fate: 'delivered',
    seed: (add) => void add.order({ lines: [] }),
  },
  {
    id: 'zero-quantity',
    what: 'Line with quantity 0',
    expected: 'No division by zero; the line is left out or sent with 0',
    fate: 'delivered',
    seed: (add) => void add.order({ lines: [add.line(), add.line({ id: 'none' }, 0)] }),
  },
  {
    id: 'same-product-twice',
    what: 'The same variant on two lines',
    expected: 'Two lines, keyed by line id: neither swallows the other',
    fate: 'delivered',
    seed: (add) => void add.order({ lines: [add.line({ id: 'first' }), add.line({ id: 'second' }, 2)] }),
  },
  {
    id: 'duplicate-sku-on-lines',
    what: 'Two lines of different products with the same SKU',
    expected: 'Two lines and two products; SKU is not a key',
    fate: 'delivered',
    seed: (add) =>
      void add.order({
        lines: [
          add.line({ id: 'one', productId: 'p-one', productKey: 'p-one' }),
          add.line({ id: 'two', productId: 'p-two', productKey: 'p-two' }),
        ],
      }),
  },
  {
    id: 'line-without-name',
    what: 'Line without a name in any language and without SKU',
    expected: 'Deliver with a fallback name; never "[object Object]"',
    fate: 'delivered',
    seed: (add) => void add.order({ lines: [add.line({ name: {}, variant: { id: 1, attributes: [], images: [], prices: [] } })] }),
  },
  {
    id: 'return-of-unknown-line',
    what: 'Return of a line that the order does not have',
    expected: 'Return state is taken from the other items; no crash',
    fate: 'delivered',
    seed(add) {
      const stamp = '2026-01-01T00:00:00.000Z'
      const item = {
        id: 'r1',
        type: 'LineItemReturnItem',
        lineItemId: 'gone',
        quantity: 3,
        shipmentState: 'Returned',
        paymentState: 'Refunded',
        createdAt: stamp,
        lastModifiedAt: stamp,
      }
      add.order({ fields: { returnInfo: [{ items: [item], returnDate: 'next week' }] } })
    },
  },
]
