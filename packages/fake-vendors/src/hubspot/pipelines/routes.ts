import { isJsonObject, type HttpReply } from '../../http/index.ts'
import { malformed, objectBody, requiredString } from '../body.ts'
import { invalid, notFound, refuse } from '../errors.ts'
import { isStageInUse } from '../objects/commit.ts'
import { iso, noContent, ok, type Route, type RouteContext } from '../route.ts'
import { stagesInOrder, type Pipeline, type PipelineStage } from './pipeline.ts'

function pipelinesOf({ portal, type }: RouteContext): Map<string, Pipeline> {
  return portal.pipelines.get(type.name) ?? invalid('pipeline-object-type', `${type.name} have no pipelines.`)
}

function pipelineOf(context: RouteContext): Pipeline {
  const id = context.params['id'] ?? ''
  return pipelinesOf(context).get(id) ?? notFound('pipeline-not-found', `Pipeline ${id} does not exist.`)
}

function stageOf(context: RouteContext): PipelineStage {
  const id = context.params['stageId'] ?? ''
  return pipelineOf(context).stages.get(id) ?? notFound('pipeline-not-found', `Stage ${id} does not exist.`)
}

function stageView({ createdAt, updatedAt, ...stage }: PipelineStage): object {
  return {
    ...stage,
    createdAt: iso(createdAt),
    updatedAt: iso(updatedAt),
    archived: false,
    writePermissions: 'CRM_PERMISSIONS_ENFORCEMENT',
  }
}

function view(pipeline: Pipeline): object {
  const { id, label, displayOrder: order, createdAt, updatedAt } = pipeline
  const stages = stagesInOrder(pipeline).map(stageView)
  return { id, label, displayOrder: order, stages, createdAt: iso(createdAt), updatedAt: iso(updatedAt), archived: false }
}

function displayOrder(body: Record<string, unknown>): number {
  const value = body['displayOrder']
  return typeof value === 'number' && Number.isInteger(value) ? value : malformed('"displayOrder" must be an integer')
}

function freeLabel(others: Iterable<{ readonly label: string }>, label: string): string {
  for (const other of others) {
    if (other.label === label)
      refuse({ rule: 'pipeline-label-unique', status: 409, category: 'CONFLICT', message: `The label "${label}" is already in use.` })
  }
  return label
}

function metadataOf(
  context: RouteContext,
  body: Record<string, unknown>,
  before: Readonly<Record<string, string>>,
): Record<string, string> {
  const { metadata } = body
  if (metadata !== undefined && !isJsonObject(metadata)) return malformed('"metadata" must be an object')
  const merged: Record<string, string> = { ...before }
  for (const [name, value] of Object.entries(metadata ?? {})) merged[name] = String(value)
  if (context.type.name !== 'deals') return merged
  const probability = merged['probability']
  if (probability === undefined || !/^(0(\.\d)?|1(\.0)?)$/.test(probability)) {
    return invalid('pipeline-deal-probability', 'Deal stages need metadata.probability between 0.0 and 1.0 in steps of 0.1.')
  }
  return { ...merged, isClosed: String(Number(probability) === 0 || Number(probability) === 1) }
}

function addStage(context: RouteContext, pipeline: Pipeline, body: Record<string, unknown>): PipelineStage {
  const at = context.portal.settings.now()
  const stage: PipelineStage = {
    id: context.portal.newId(),
    label: freeLabel(pipeline.stages.values(), requiredString(body, 'label')),
    displayOrder: displayOrder(body),
    metadata: metadataOf(context, body, {}),
    createdAt: at,
    updatedAt: at,
  }
  pipeline.stages.set(stage.id, stage)
  return stage
}

/** POST a pipeline with its stages: 201. Nothing is made when one stage is refused. */
function create(context: RouteContext): HttpReply {
  const body = objectBody(context)
  const pipelines = pipelinesOf(context)
  const stages = Array.isArray(body['stages']) ? body['stages'] : malformed('"stages" must be a list')
  const at = context.portal.settings.now()
  const pipeline: Pipeline = {
    id: context.portal.newId(),
    label: freeLabel(pipelines.values(), requiredString(body, 'label')),
    displayOrder: displayOrder(body),
    stages: new Map(),
    createdAt: at,
    updatedAt: at,
  }
  for (const stage of stages) addStage(context, pipeline, isJsonObject(stage) ? stage : malformed('a stage must be an object'))
  pipelines.set(pipeline.id, pipeline)
  return { status: 201, body: view(pipeline) }
}

function change(context: RouteContext): HttpReply {
  const pipeline = pipelineOf(context)
  const body = objectBody(context)
  if (body['label'] !== undefined && body['label'] !== pipeline.label)
    pipeline.label = freeLabel(pipelinesOf(context).values(), requiredString(body, 'label'))
  if (body['displayOrder'] !== undefined) pipeline.displayOrder = displayOrder(body)
  pipeline.updatedAt = context.portal.settings.now()
  return ok(view(pipeline))
}

function refuseInUse(context: RouteContext, id: string, parameters: readonly string[]): void {
  const asked = parameters.some((name) => context.query.get(name) === 'true')
  if (asked && isStageInUse(context.portal, context.portal.stores[context.type.name], id))
    invalid('pipeline-in-use', `${id} is still referenced by ${context.type.name}.`)
}

function remove(context: RouteContext): HttpReply {
  const pipeline = pipelineOf(context)
  refuseInUse(context, pipeline.id, ['validateReferencesBeforeDelete', 'validateDealStageUsagesBeforeDelete'])
  pipelinesOf(context).delete(pipeline.id)
  return noContent
}

function createStage(context: RouteContext): HttpReply {
  return { status: 201, body: stageView(addStage(context, pipelineOf(context), objectBody(context))) }
}

function changeStage(context: RouteContext): HttpReply {
  const stage = stageOf(context)
  const body = objectBody(context)
  if (body['label'] !== undefined && body['label'] !== stage.label)
    stage.label = freeLabel(pipelineOf(context).stages.values(), requiredString(body, 'label'))
  if (body['displayOrder'] !== undefined) stage.displayOrder = displayOrder(body)
  stage.metadata = metadataOf(context, body, stage.metadata)
  stage.updatedAt = context.portal.settings.now()
  return ok(stageView(stage))
}

function removeStage(context: RouteContext): HttpReply {
  const stage = stageOf(context)
  if (isStageInUse(context.portal, context.portal.stores[context.type.name], stage.id))
    invalid('pipeline-in-use', `Stage ${stage.id} is still referenced by ${context.type.name}.`)
  pipelineOf(context).stages.delete(stage.id)
  return noContent
}

const readScopes = ({ type }: Pick<RouteContext, 'type'>): readonly string[] => [...type.scopes.read, ...type.scopes.schema]
const writeScopes = ({ type }: Pick<RouteContext, 'type'>): readonly string[] => [...type.scopes.schema, ...type.scopes.write]
const base = 'crm/pipelines/:type'

/** Endpoints of pipelines and stages. Ids are given by the portal. */
export const pipelineRoutes: readonly Route[] = [
  {
    legacy: 'v3',
    method: 'GET',
    path: base,
    scopes: readScopes,
    handle: (context) => ok({ results: [...pipelinesOf(context).values()].toSorted((a, b) => a.displayOrder - b.displayOrder).map(view) }),
  },
  { legacy: 'v3', method: 'POST', path: base, scopes: writeScopes, handle: create },
  { legacy: 'v3', method: 'GET', path: `${base}/:id`, scopes: readScopes, handle: (context) => ok(view(pipelineOf(context))) },
  { legacy: 'v3', method: 'PATCH', path: `${base}/:id`, scopes: writeScopes, handle: change },
  { legacy: 'v3', method: 'DELETE', path: `${base}/:id`, scopes: writeScopes, handle: remove },
  {
    legacy: 'v3',
    method: 'GET',
    path: `${base}/:id/stages`,
    scopes: readScopes,
    handle: (context) => ok({ results: stagesInOrder(pipelineOf(context)).map(stageView) }),
  },
  { legacy: 'v3', method: 'POST', path: `${base}/:id/stages`, scopes: writeScopes, handle: createStage },
  {
    legacy: 'v3',
    method: 'GET',
    path: `${base}/:id/stages/:stageId`,
    scopes: readScopes,
    handle: (context) => ok(stageView(stageOf(context))),
  },
  { legacy: 'v3', method: 'PATCH', path: `${base}/:id/stages/:stageId`, scopes: writeScopes, handle: changeStage },
  { legacy: 'v3', method: 'DELETE', path: `${base}/:id/stages/:stageId`, scopes: writeScopes, handle: removeStage },
]
