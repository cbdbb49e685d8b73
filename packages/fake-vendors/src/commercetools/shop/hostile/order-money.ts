import { money, preciseMoney } from '../money.ts'
import { taxed } from '../tax.ts'
import { HOME, type HostileKind } from './kind.ts'

/** Orders whose amounts are missing, nothing, huge, very precise or in unknown currencies. */
export const hostileMoney: readonly HostileKind[] = [
  {
    id: 'missing-taxed-price',
    what: 'Order without taxedPrice',
    expected: 'Gross is the total price, net and tax stay empty: no 0 and no guess',
    fate: 'delivered',
    seed: (add) => void add.order({ without: ['taxedPrice', 'taxedShippingPrice'] }),
  },
  {
    id: 'zero-total',
    what: 'Order over 0.00 without payment',
    expected: 'Deliver with 0; a free order can be paid without a payment',
    fate: 'delivered',
    seed(add) {
      const free = money('EUR', 0)
      const line = add.line({ totalPrice: free })
      add.order({ lines: [{ ...line, taxedPrice: taxed(free, line.taxRate) }], withShipping: false })
    },
  },
  {
    id: 'precision-20',
    what: 'Unit price with 20 digits behind the point',
    expected: 'Exact decimal text, no float on the way; shortened only where the destination has fewer digits',
    fate: 'delivered',
    seed: (add) =>
      void add.order({
        lines: [
          add.line(
            {
              price: { id: 'price', value: preciseMoney('EUR', 1_234_567_890_123_457, 20) },
              totalPrice: money('EUR', 0),
              taxedPrice: taxed(money('EUR', 0), add.line().taxRate),
            },
            1,
          ),
        ],
      }),
  },
  {
    id: 'largest-amount',
    what: 'Order over 90,071,992,547,409.91 EUR, the largest safe integer of cents',
    expected: 'Exact to the cent or isolated as beyond the destination; sums do not lose digits',
    fate: 'either',
    seed(add) {
      const all = money('EUR', Number.MAX_SAFE_INTEGER)
      const line = add.line({ totalPrice: all, price: { id: 'price', value: all } })
      add.order({ lines: [{ ...line, taxedPrice: taxed(all, { ...line.taxRate, amount: 0 }) }], withShipping: false })
    },
  },
  {
    id: 'currency-not-enabled',
    what: 'Order in CHF, which neither project nor portal has enabled',
    expected: 'Isolated with currency and cure named, or delivered without a currency field by contract; never relabelled as EUR',
    fate: 'either',
    seed(add) {
      const region = { ...HOME, currency: 'CHF' }
      const francs = money('CHF', 1990)
      const line = add.line({ totalPrice: francs, price: { id: 'price', value: francs } })
      add.order({ region, lines: [{ ...line, taxedPrice: taxed(francs, line.taxRate) }], withShipping: false })
    },
  },
  {
    id: 'unknown-currency',
    what: 'Order in XTS, a currency for tests, with 5 digits',
    expected: 'Isolated; digits are those of the amount, never assumed to be 2',
    fate: 'either',
    seed: (add) =>
      void add.order({
        fields: { totalPrice: { type: 'centPrecision', currencyCode: 'XTS', centAmount: 123_456, fractionDigits: 5 } },
        without: ['taxedPrice', 'taxedShippingPrice'],
        lines: [],
        withShipping: false,
      }),
  },
  {
    id: 'discount-takes-all',
    what: 'Discount on the total price that leaves nothing',
    expected: 'Total 0, discount 19.90; no negative amount',
    fate: 'delivered',
    seed(add) {
      const line = add.line()
      const zero = taxed(money('EUR', 0), line.taxRate)
      const discountOnTotalPrice = {
        discountedAmount: line.totalPrice,
        includedDiscounts: [],
        discountedNetAmount: line.taxedPrice.totalNet,
        discountedGrossAmount: line.taxedPrice.totalGross,
      }
      add.order({ lines: [line], withShipping: false, fields: { totalPrice: money('EUR', 0), taxedPrice: zero, discountOnTotalPrice } })
    },
  },
]
