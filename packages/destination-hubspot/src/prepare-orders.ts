import { isMillraceError, MillraceError, type DestinationContext, type FieldValue, type Input } from '@millrace/core'
import { encodeFields, requireKey, type Schema } from './encode-fields.ts'
import type { Pipeline } from './pipeline.ts'
import type { Portal } from './portal.ts'
import { readProgress } from './progress.ts'
import { resolveStage, stageProperties, stagesBefore } from './stages.ts'
import { keyOf, targets, type Target } from './target.ts'
import type { Row } from './write-rows.ts'

/** An order on its way: the deal (or HubSpot order), its lines, and what is known of both so far. */
export interface OrderWork {
  /** With the portal's ids of pipeline and stage in its fields. */
  input: Input
  /** Stages it is written in before its own one. */
  history: readonly Readonly<Record<string, string>>[]
  /** Every wanted line, ready to be written. */
  lines: ReadonlyMap<string, Row>
  remoteId: string | undefined
  created: boolean
  /** Lines at HubSpot: our key -> record id. */
  objects: Map<string, string>
  /** Keys of lines that are not linked to it yet. */
  unlinked: Set<string>
  /** Keys of lines of which nobody knows whether they were written. */
  doubtful: Set<string>
  failure: MillraceError | undefined
}

/** An order that cannot be sent as it is. */
export interface RefusedOrder {
  input: Input
  error: MillraceError
}

/** What orders are checked against, read once per call. */
interface Rules {
  target: Target
  pipelines: readonly Pipeline[]
  currencies: readonly string[] | undefined
  lineSchema: Schema
  lineKey: string
  eachStage: boolean
}

/** Checks orders before anything is sent, so that one that HubSpot would refuse leaves nothing half done behind. */
export const prepareOrders = async (
  portal: Portal,
  target: Target,
  inputs: readonly Input[],
  options: { eachStage: boolean },
  ctx: DestinationContext,
): Promise<{ works: OrderWork[]; refused: RefusedOrder[] }> => {
  const [pipelines, lineSchema, currencies] = await Promise.all([
    stageProperties[target.type] === undefined ? [] : portal.pipelines(target.type, ctx.signal),
    portal.properties('line_items', ctx.signal),
    target.type === 'deals' ? portal.currencies(ctx.signal) : undefined,
  ])
  const lineKey = keyOf(targets.line_item, ctx.contract)
  if (inputs.some((input) => input.children.length > 0)) requireKey(lineSchema, lineKey, 'line_items')
  const rules: Rules = {
    target,
    pipelines,
    lineSchema,
    lineKey,
    eachStage: options.eachStage,
    currencies,
  }
  const works: OrderWork[] = []
  const refused: RefusedOrder[] = []
  for (const input of inputs) {
    try {
      works.push(toWork(input, rules))
    } catch (error) {
      if (!isMillraceError(error)) throw error
      refused.push({ input, error })
    }
  }
  return { works, refused }
}

const toWork = (input: Input, rules: Rules): OrderWork => {
  checkCurrency(input, rules)
  const { fields, history } = withStage(input, rules)
  const progress = readProgress(input)
  return {
    input: { ...input, fields },
    history,
    lines: new Map(input.children.map((child) => [child.key, toRow(child, rules)])),
    remoteId: input.remoteId,
    created: false,
    objects: new Map(Object.entries(input.objects).filter(([, id]) => id !== '')),
    unlinked: new Set(progress.unlinked),
    doubtful: new Set([...progress.doubtful, ...Object.keys(input.objects).filter((key) => input.objects[key] === '')]),
    failure: undefined,
  }
}

const checkCurrency = ({ fields }: Input, { currencies }: Rules): void => {
  const currency = fields['deal_currency_code']
  if (typeof currency !== 'string' || currency === '' || currencies === undefined || currencies.includes(currency)) return
  throw new MillraceError({
    code: 'currency_not_enabled',
    field: 'deal_currency_code',
    message: `The currency ${currency} is not enabled in this HubSpot account. Add it under Settings > Account Defaults > Currency, then replay.`,
    context: { currency, enabled: currencies.join(' ') },
  })
}

const withStage = (input: Input, { target, pipelines, eachStage }: Rules): { fields: Input['fields']; history: OrderWork['history'] } => {
  const names = stageProperties[target.type]
  const stage = names === undefined ? undefined : input.fields[names.stage]
  if (names === undefined || typeof stage !== 'string' || stage === '') return { fields: input.fields, history: [] }
  const word = input.fields[names.pipeline]
  const resolve = (stageWord: string): Record<string, string> => {
    const ids = resolveStage(target.type, pipelines, {
      pipeline: typeof word === 'string' && word !== '' ? word : undefined,
      stage: stageWord,
    })
    return { [names.pipeline]: ids.pipeline, [names.stage]: ids.stage }
  }
  const own = resolve(stage)
  // Only on the first write: later ones, and ones that may have happened, must never move an order back.
  const isFirst = input.remoteId === undefined && !input.uncertain
  const before = eachStage && isFirst ? stagesBefore(stage, isPaid(input.fields)) : []
  return { fields: { ...input.fields, ...own }, history: before.map(resolve) }
}

const isPaid = (fields: Readonly<Record<string, FieldValue>>): boolean => {
  const at = fields['closedate'] ?? fields['hs_processed_date']
  return at !== undefined && at !== null && at !== ''
}

const toRow = ({ key, fields, links }: Input['children'][number], { lineSchema, lineKey }: Rules): Row => {
  const encoded = encodeFields(fields, Object.keys(fields), lineSchema, 'line_items')
  if ('error' in encoded) throw encoded.error
  const { properties } = encoded
  for (const name of ['price', 'quantity']) {
    if (properties[name]?.startsWith('-')) throw negativeLine(name)
  }
  const product = links.find((link) => link.object === 'product')
  return {
    id: key,
    idProperty: lineKey,
    properties: { ...properties, ...(product === undefined ? {} : { hs_product_id: product.remoteId }) },
  }
}

const negativeLine = (name: string): MillraceError =>
  new MillraceError({
    code: 'line_negative',
    field: name,
    message: `A line with a negative ${name} cannot be kept in HubSpot. Map reductions to a field of the order instead, as the default contract does.`,
  })
