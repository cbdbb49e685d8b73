import type { DestinationContext, MillraceError } from '@millrace/core'
import type { Dialect, DialectObject, Operation, OperationName } from './dialect/dialect.ts'
import { capabilityMissing, errorOf } from './errors.ts'
import { isObject } from './json.ts'
import type { CrmSchema } from './schema.ts'
import type { Answer, Call, Transport } from './transport.ts'

/** One CRM as its dialect describes it, in one process. */
export interface Api {
  dialect: Dialect
  baseUrl: string
  transport: Transport
  /** What the CRM says of itself; read once and again after {@link forgetSchema}. */
  schema(ctx: DestinationContext): Promise<CrmSchema>
  forgetSchema(): void
}

/** An object of the dialect. Throws MillraceError `capability_missing`. */
export const objectOf = ({ dialect }: Api, name: string): DialectObject => {
  const object = Object.hasOwn(dialect.objects, name) ? dialect.objects[name] : undefined
  if (object === undefined) throw capabilityMissing(dialect, `hold objects of the kind "${name}"`)
  return object
}

/** An operation of an object. Throws MillraceError `capability_missing`. */
export const operationOf = (api: Api, object: string, name: OperationName): Operation => {
  const operation = objectOf(api, object).operations[name]
  if (operation === undefined) throw capabilityMissing(api.dialect, `do "${name}" with ${object}`)
  return operation
}

/** The error for an answer that is no success. */
export const refusal = ({ dialect }: Api, answer: Answer, call: string, ctx: DestinationContext): MillraceError =>
  errorOf(dialect, answer, call, ctx.clock.now())

/** Sends and gives the answer if it is a success with an object in it; else throws. */
export const required = async (api: Api, call: Call, ctx: DestinationContext): Promise<Answer> => {
  const answer = await api.transport.send(call, ctx)
  if (answer.ok && isObject(answer.value)) return answer
  throw refusal(api, answer, call.what, ctx)
}
