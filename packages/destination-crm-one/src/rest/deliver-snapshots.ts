import { chunk } from '@millrace/adapter-kit'
import type { ChildInput, DestinationContext, Input, Outcome } from '@millrace/core'
import { objectOf, operationOf, refusal, type Api } from '../api.ts'
import { classOf } from '../dialect/classify.ts'
import type { DialectObject } from '../dialect/dialect.ts'
import { encodeFields } from '../encode.ts'
import { archiveUnsupported } from '../errors.ts'
import { idempotencyKey, identityOf } from '../identity.ts'
import { asText, member } from '../json.ts'
import { delivered, failed } from '../outcome.ts'
import type { Answer } from '../transport.ts'
import { runWrites, type Write } from './run-writes.ts'

type SnapshotWrite = Write & { input: Input }

/** Orders and deals: whole as they are now, with their lines, and linked to the buyer by identity. */
export async function* deliverSnapshots(
  api: Api,
  object: string,
  inputs: readonly Input[],
  ctx: DestinationContext,
): AsyncGenerator<Outcome[]> {
  const { archive = [], upsert = [] } = Object.groupBy(inputs, (input) => input.operation)
  if (archive.length > 0) yield archive.map((input) => failed(input, archiveUnsupported(api.dialect, object)))
  for (const batch of chunk(upsert, objectOf(api, object).deliver, ({ key }) => key)) {
    for await (const written of runWrites(
      api,
      batch.map((input) => writeOf(api, object, input, ctx)),
      ctx,
    )) {
      yield written.flatMap(([{ input }, answer]) => outcomeOf(api, object, input, answer, ctx))
    }
  }
}

const childOf = (spec: NonNullable<DialectObject['children']>[string], child: ChildInput): Record<string, unknown> => ({
  [spec.keyField]: child.key,
  ...encodeFields(spec, child.fields, { snapshot: true }).body,
})

const writeOf = (api: Api, object: string, input: Input, ctx: DestinationContext): SnapshotWrite => {
  const spec = objectOf(api, object)
  const { prefix } = ctx.contract
  const buyer = input.parents.find((parent) => parent.object === 'contact')
  const identity = identityOf(input.key, prefix)
  const lists = Object.entries(spec.children ?? {}).map(([name, child]) => [
    child.at.slice(1),
    input.children.filter((one) => one.object === name).map((one) => childOf(child, one)),
  ])
  const body = {
    ...encodeFields(spec, input.fields, { snapshot: true }).body,
    ...Object.fromEntries(lists),
    sourceVersion: input.fence,
    contact: buyer === undefined ? null : identityOf(buyer.key, prefix),
  }
  return {
    input,
    operation: operationOf(api, object, 'put'),
    values: { ...identity, body },
    what: `write of ${object}`,
    idempotencyKey: idempotencyKey(object, identity, body),
  }
}

const outcomeOf = (api: Api, object: string, input: Input, answer: Answer, ctx: DestinationContext): Outcome[] => {
  // Where an answer names no id, our own key is the only name that there is.
  const named = input.remoteId ?? input.key
  if (answer.ok) {
    const id = answer.value === undefined ? named : asText(member(answer.value, 'id'))
    return id === undefined ? [] : [delivered(input, id, answer.status)]
  }
  if (classOf(api.dialect, answer) === 'stale') {
    ctx.logger.warn({ unit: input.unit }, `the CRM holds a newer version of this ${object}: left as it is`)
    return [delivered(input, named, answer.status)]
  }
  return [failed(input, refusal(api, answer, `write of ${object}`, ctx))]
}
