import { invalid, type ErrorDetail } from '../errors.ts'
import { pipelineProperties, stagesInOrder } from '../pipelines/pipeline.ts'
import type { Portal } from '../portal.ts'
import type { RuleId } from '../rules.ts'
import type { ObjectStore } from './store.ts'

type Values = Readonly<Record<string, string>>

/** A property error as HubSpot reports it. */
export interface PropertyProblem {
  readonly rule: RuleId
  readonly name: string
  readonly code: string
  readonly message: string
}

/** Refuses with the modern shape: the list of problems as JSON inside the message, and again in `errors[]`. */
export function refuseProperties(problems: readonly PropertyProblem[]): never {
  const list = problems.map(({ message, code, name }) => ({ isValid: false, message, error: code, name }))
  const errors: ErrorDetail[] = problems.map(({ message, code, name }) => ({ message, code, context: { propertyName: [name] } }))
  return invalid(problems[0]?.rule ?? 'validation-json-in-message', `Property values were not valid: ${JSON.stringify(list)}`, { errors })
}

/** Fills in what HubSpot fills in on create: the default pipeline and, for orders, its first stage. */
export function withDefaults(portal: Portal, store: ObjectStore, values: Values): Values {
  const names = pipelineProperties[store.type.name]
  const pipelines = portal.pipelines.get(store.type.name)
  if (names === undefined || pipelines === undefined) return values
  const [pipeline] = [...pipelines.values()].toSorted((a, b) => a.displayOrder - b.displayOrder)
  if (pipeline === undefined) return values
  const pipelineId = values[names.pipeline] ?? pipeline.id
  const [firstStage] = store.type.name === 'orders' ? stagesInOrder(pipelines.get(pipelineId) ?? pipeline) : []
  return { ...(firstStage && { [names.stage]: firstStage.id }), ...values, [names.pipeline]: pipelineId }
}

/** Rules over several properties of one record. `after` is the record as it would be, `changed` what the request sets. */
export function checkConstraints(portal: Portal, store: ObjectStore, changed: Values, after: Values, creating: boolean): PropertyProblem[] {
  const type = store.type.name
  const problems: PropertyProblem[] = []
  if (creating) checkRequired(type, after)
  if (type === 'deals' || type === 'orders') problems.push(...checkStage(portal, store, changed, after))
  if (type === 'deals' && changed['deal_currency_code'] && !portal.currencies().includes(changed['deal_currency_code'])) {
    problems.push({
      rule: 'deal-currency-enabled',
      name: 'deal_currency_code',
      code: 'INVALID_OPTION',
      message: `${changed['deal_currency_code']} was not one of the allowed options: [${portal.currencies().join(', ')}]`,
    })
  }
  if (type === 'line_items') {
    for (const name of ['price', 'quantity']) {
      if (changed[name]?.startsWith('-')) {
        const rule = name === 'price' ? 'line-item-price-not-negative' : 'line-item-quantity-not-negative'
        problems.push({ rule, name, code: 'INVALID_LONG', message: `${name} must be greater than or equal to 0` })
      }
    }
  }
  return problems
}

function checkRequired(type: string, after: Values): void {
  const missing = (name: string): boolean => (after[name] ?? '') === ''
  if (type === 'contacts' && missing('email') && missing('firstname') && missing('lastname')) {
    invalid('contact-needs-identity', 'At least one of email, firstname or lastname is required to create a contact.')
  }
  if (type === 'deals')
    for (const name of ['dealname', 'dealstage'])
      if (missing(name)) invalid('deal-required', `Property "${name}" is required to create a deal.`)
  if (type === 'orders' && missing('hs_order_name'))
    invalid('order-name-required', 'Property "hs_order_name" is required to create an order.')
}

function checkStage(portal: Portal, store: ObjectStore, changed: Values, after: Values): PropertyProblem[] {
  const names = pipelineProperties[store.type.name]
  if (names === undefined || (changed[names.pipeline] === undefined && changed[names.stage] === undefined)) return []
  const pipelineId = after[names.pipeline] ?? ''
  const stageId = after[names.stage] ?? ''
  const pipeline = portal.pipelines.get(store.type.name)?.get(pipelineId)
  // An unknown id in the request was already refused as an unknown option.
  if (pipeline === undefined || pipeline.stages.has(stageId)) return []
  const allowed = stagesInOrder(pipeline).map((stage) => stage.id)
  return [
    {
      rule: 'stage-of-its-pipeline',
      name: names.stage,
      code: 'INVALID_OPTION',
      message: `${stageId} was not one of the allowed options: [${allowed.join(', ')}] of pipeline ${pipelineId}`,
    },
  ]
}
