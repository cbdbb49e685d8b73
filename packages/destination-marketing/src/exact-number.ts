declare global {
  interface JSON {
    /** Text that JSON.stringify writes as it is (ECMAScript proposal, in Node since 21). */
    rawJSON(text: string): object
  }
}

/**
 * An exact decimal as a JSON number: `19.99` stays `19.99`, 20 digits stay 20 digits. Always with a decimal point, because the first record fixes the type of
 * a number for all later ones: `500` would make it a whole number and refuse the `19.99` of the next order.
 */
export const exactNumber = (decimal: string): object => JSON.rawJSON(decimal.includes('.') ? canonical(decimal) : `${canonical(decimal)}.0`)

/** JSON knows no leading zeros. */
const canonical = (decimal: string): string => decimal.replace(/^(-?)0+(?=\d)/, '$1')
