import type { ObjectTypeName } from '../object-types.ts'
import type { PropertyOption } from '../properties/definition.ts'

/** A stage of a pipeline. */
export interface PipelineStage {
  readonly id: string
  label: string
  displayOrder: number
  metadata: Readonly<Record<string, string>>
  readonly createdAt: number
  updatedAt: number
}

/** A pipeline. Stages in insertion order; `displayOrder` is what people see. */
export interface Pipeline {
  readonly id: string
  label: string
  displayOrder: number
  readonly stages: Map<string, PipelineStage>
  readonly createdAt: number
  updatedAt: number
}

/** Properties that name a record's pipeline and stage. Deals do not use the `hs_` names. */
export const pipelineProperties: Readonly<Partial<Record<ObjectTypeName, { readonly pipeline: string; readonly stage: string }>>> = {
  deals: { pipeline: 'pipeline', stage: 'dealstage' },
  orders: { pipeline: 'hs_pipeline', stage: 'hs_pipeline_stage' },
}

/** Ordered by what people see. */
export function stagesInOrder(pipeline: Pipeline): PipelineStage[] {
  return [...pipeline.stages.values()].toSorted((a, b) => a.displayOrder - b.displayOrder)
}

/** Options of a pipeline or stage property at this moment; undefined for other properties. */
export function pipelineOptions(
  type: ObjectTypeName,
  property: string,
  pipelines: ReadonlyMap<string, Pipeline> | undefined,
): PropertyOption[] | undefined {
  const names = pipelineProperties[type]
  if (names === undefined || pipelines === undefined || (property !== names.pipeline && property !== names.stage)) return undefined
  const entries = property === names.pipeline ? [...pipelines.values()] : [...pipelines.values()].flatMap(stagesInOrder)
  return entries.map(({ id, label }, displayOrder) => ({ value: id, label, displayOrder, hidden: false }))
}

/** The default deal pipeline of a new portal. */
export function defaultDealPipeline(at: number): Pipeline {
  const stages: readonly (readonly [id: string, label: string, probability: string])[] = [
    ['appointmentscheduled', 'Appointment Scheduled', '0.2'],
    ['qualifiedtobuy', 'Qualified To Buy', '0.4'],
    ['presentationscheduled', 'Presentation Scheduled', '0.6'],
    ['decisionmakerboughtin', 'Decision Maker Bought-In', '0.8'],
    ['contractsent', 'Contract Sent', '0.9'],
    ['closedwon', 'Closed Won', '1.0'],
    ['closedlost', 'Closed Lost', '0.0'],
  ]
  return build('default', 'Sales Pipeline', stages, at, (probability) => ({
    isClosed: String(probability === '1.0' || probability === '0.0'),
    probability,
  }))
}

/** The default order pipeline. Its ids differ per portal, so they are made from the given number. */
export function defaultOrderPipeline(firstId: number, at: number): Pipeline {
  const labels = ['Open', 'Processed', 'Shipped', 'Delivered', 'Cancelled']
  return build(
    String(firstId),
    'Order Pipeline',
    labels.map((label, index): [string, string, string] => [String(firstId + 1 + index), label, '']),
    at,
    () => ({}),
  )
}

function build(
  id: string,
  label: string,
  stages: readonly (readonly [id: string, label: string, probability: string])[],
  at: number,
  metadata: (probability: string) => Record<string, string>,
): Pipeline {
  return {
    id,
    label,
    displayOrder: 0,
    createdAt: at,
    updatedAt: at,
    stages: new Map(
      stages.map(([stageId, stageLabel, probability], displayOrder) => [
        stageId,
        { id: stageId, label: stageLabel, displayOrder, metadata: metadata(probability), createdAt: at, updatedAt: at },
      ]),
    ),
  }
}
