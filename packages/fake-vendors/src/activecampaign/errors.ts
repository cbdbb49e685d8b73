import type { HttpReply } from '../http/index.ts'
import type { RuleId } from './rules.ts'

/** Why something is refused: the rule it breaks and the answer ActiveCampaign would give. */
export interface RefusalContent {
  readonly rule: RuleId
  readonly reply: HttpReply
}

/** Thrown by handlers, caught by the server. */
export class Refusal extends Error {
  readonly content: RefusalContent
  constructor(content: RefusalContent) {
    super(`refused by ${content.rule}`)
    this.content = content
  }
}

/** Refuses with any answer. */
export function refuse(rule: RuleId, status: number, body: object | string, headers: Record<string, string> = {}): never {
  throw new Refusal({ rule, reply: { status, body, headers } })
}

/** Refuses with 422 and one entry of `errors[]`. */
export function invalid(rule: RuleId, title: string, code: string, attribute: string): never {
  return refuse(rule, 422, { errors: [{ title, detail: '', code, source: { pointer: `/data/attributes/${attribute}` } }] })
}

/** Refuses with 404 in the vendor's words: contacts are `Subscriber`. */
export function notFound(kind: string, id: string): never {
  return refuse('not-found', 404, { message: `No Result found for ${kind} with id ${id}` })
}

/** Refuses a reference to something that does not exist. */
export function relatedMissing(name: string): never {
  return invalid('related-missing', `The ${name} does not exist.`, 'related_missing', name)
}
