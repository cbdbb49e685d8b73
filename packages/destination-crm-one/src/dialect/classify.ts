import type { Answer } from '../transport.ts'
import type { Dialect, ErrorClass, ErrorRule } from './dialect.ts'

const matches = (rule: ErrorRule, { status, code, details, text }: Answer): boolean =>
  (rule.status === undefined || rule.status === status) &&
  (rule.code === undefined || rule.code === code) &&
  (rule.detail === undefined || details.some((detail) => detail.code === rule.detail)) &&
  (rule.text === undefined || new RegExp(rule.text).test(text ?? ''))

/** What an answer that is no success means, by the first rule of the dialect that fits; undefined: judge it by its status. */
export const ruleOf = (dialect: Pick<Dialect, 'errors'>, answer: Answer): ErrorRule | undefined =>
  dialect.errors.find((rule) => matches(rule, answer))

/** The class alone. */
export const classOf = (dialect: Pick<Dialect, 'errors'>, answer: Answer): ErrorClass | undefined => ruleOf(dialect, answer)?.is
