import type { FieldRule } from '../contract/contract.ts'
import type { FieldSpec } from '../spec/destination.ts'

const smaller = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : Math.min(a, b)
const larger = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : Math.max(a, b)

/**
 * What a field takes, from the rule and from what the vendor has: the stricter limit counts, the rule's options replace the vendor's, and a field that the
 * vendor lacks is text unless the rule says otherwise.
 */
export const fieldSpec = (rule: FieldRule, known: FieldSpec | undefined): FieldSpec => {
  const maxLength = smaller(rule.maxLength, known?.maxLength)
  const minimum = larger(rule.minimum, known?.minimum)
  const maximum = smaller(rule.maximum, known?.maximum)
  const options = rule.options ?? known?.options
  return {
    type: known?.type ?? rule.type ?? 'string',
    required: (rule.required ?? false) || (known?.required ?? false),
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
    ...(options === undefined ? {} : { options }),
  }
}
