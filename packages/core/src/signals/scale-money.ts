import { fromMinorUnits, roundMoney, toMinorUnits } from '../model/money.ts'
import type { Money } from '../model/money.ts'

const precision = 20

/**
 * An amount multiplied by `numerator / denominator`, rounded once to the currency's own digits (half away from zero). Cutting the quotient off at 20 digits
 * before that cannot move it across a half.
 */
export const scaleMoney = (money: Money, numerator: bigint, denominator: bigint): Money =>
  roundMoney(fromMinorUnits(money.currency, (toMinorUnits(money, precision) * numerator) / denominator, precision))
