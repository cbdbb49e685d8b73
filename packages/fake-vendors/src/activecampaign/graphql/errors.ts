import { Refusal } from '../errors.ts'
import type { RuleId } from '../rules.ts'

/** Refuses an operation: 200 with `errors`, nothing is written. `extensions` name the records that are wrong. */
export function graphQLError(rule: RuleId, message: string, extensions?: Readonly<Record<string, string>>): never {
  const error = extensions === undefined ? { message } : { message, extensions }
  throw new Refusal({ rule, reply: { status: 200, body: { errors: [error], data: null } } })
}
