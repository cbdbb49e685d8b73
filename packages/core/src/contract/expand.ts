import { fieldName } from './contract.ts'
import type { FieldRule } from './contract.ts'

/** A rule under its final name. `written` = the name as it stands in the contract, for messages; `rule: null` drops the field. */
export interface NamedRule {
  name: string
  written: string
  rule: FieldRule | null
}

const placeholder = '{currency}'

const fillCurrency = (rule: FieldRule | null, currency: string): FieldRule | null =>
  JSON.parse(JSON.stringify(rule), (_name, value: unknown) => (typeof value === 'string' ? value.replaceAll(placeholder, currency) : value))

/**
 * Fills `{prefix}` into the names of rules, and writes a rule whose name holds `{currency}` once per currency: in lower case in the name, in upper case in
 * label and expression.
 */
export const expandRules = (
  rules: Readonly<Record<string, FieldRule | null>>,
  prefix: string,
  currencies: readonly string[],
): NamedRule[] =>
  Object.entries(rules).flatMap(([written, rule]): NamedRule[] => {
    const name = fieldName(written, prefix)
    if (!name.includes(placeholder)) return [{ name, written, rule }]
    return currencies.map((currency) => ({
      name: name.replaceAll(placeholder, currency.toLowerCase()),
      written,
      rule: fillCurrency(rule, currency),
    }))
  })
