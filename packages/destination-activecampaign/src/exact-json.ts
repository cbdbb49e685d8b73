/** An amount that is written as a number with every digit it has. */
export interface ExactDecimal {
  decimal: string
}

/** Whether a text can be marked by {@link exact}. */
export const isPlainDecimal = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text)

/** Marks a plain decimal. Throws TypeError for anything else, which could not be written as a number. */
export const exact = (decimal: string): ExactDecimal => {
  if (!isPlainDecimal(decimal)) throw new TypeError('not a plain decimal')
  return { decimal }
}

/** A marker that no text of a record can hold: control characters of texts are escaped, these are not taken from any. */
const mark = '\u0000exact:'

/**
 * JSON in which exact decimals are number literals: a JavaScript number would lose digits of high-precision amounts, and text is not what the vendor's examples
 * show.
 */
export const exactJson = (value: unknown): string =>
  JSON.stringify(value, (_name, part: unknown) =>
    isExact(part) ? `${mark}${part.decimal}` : typeof part === 'string' ? part.replaceAll('\u0000', '') : part,
  ).replaceAll(/"\\u0000exact:(-?\d+(?:\.\d+)?)"/g, (_found, digits: string) => digits.replace(/^(-?)0+(?=\d)/, '$1'))

const isExact = (value: unknown): value is ExactDecimal =>
  typeof value === 'object' && value !== null && 'decimal' in value && typeof value.decimal === 'string' && Object.keys(value).length === 1
