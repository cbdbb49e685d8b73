import { MillraceError } from '@millrace/core'
import type { Pipeline, Stage } from './pipeline.ts'
import { pipelinePlans, sameLabel, stagePlans } from './pipeline-plan.ts'

/** Properties that name pipeline and stage; deals do not use the `hs_` names. */
export const stageProperties: Readonly<Record<string, { pipeline: string; stage: string }>> = {
  deals: { pipeline: 'pipeline', stage: 'dealstage' },
  orders: { pipeline: 'hs_pipeline', stage: 'hs_pipeline_stage' },
}

/** The portal's ids for the contract's words. */
export interface ResolvedStage {
  pipeline: string
  stage: string
}

const notFound = (code: string, field: string, what: string): MillraceError =>
  new MillraceError({
    code,
    field,
    scope: 'destination',
    message: `HubSpot has no ${what}. Run \`millrace apply\` to create it, or map the field to one that exists.`,
  })

const findPipeline = (pipelines: readonly Pipeline[], word: string): Pipeline | undefined => {
  const label = pipelinePlans.find((plan) => plan.word === word)?.label ?? word
  return pipelines.find((pipeline) => sameLabel(pipeline.label, label)) ?? pipelines.find((pipeline) => pipeline.id === word)
}

const findStage = (stages: readonly Stage[], word: string): Stage | undefined => {
  const label = stagePlans.find((plan) => plan.word === word)?.label ?? word
  return stages.find((stage) => sameLabel(stage.label, label)) ?? stages.find((stage) => stage.id === word)
}

/**
 * Translates the words of the contract (`commerce`, `paid`) to the portal's ids by label; ids of other pipelines and stages pass as they are. Without a pipeline
 * word the stage is looked for in the pipeline `commerce`. Throws MillraceError `pipeline_missing` or `stage_missing`.
 */
export const resolveStage = (
  type: string,
  pipelines: readonly Pipeline[],
  words: { pipeline: string | undefined; stage: string },
): ResolvedStage => {
  const names = stageProperties[type]
  const pipelineWord = words.pipeline ?? 'commerce'
  const pipeline = findPipeline(pipelines, pipelineWord)
  if (pipeline === undefined) throw notFound('pipeline_missing', names?.pipeline ?? 'pipeline', `pipeline "${pipelineWord}" for ${type}`)
  const stage = findStage(pipeline.stages, words.stage)
  if (stage === undefined)
    throw notFound('stage_missing', names?.stage ?? 'stage', `stage "${words.stage}" in the pipeline "${pipeline.label}" for ${type}`)
  return { pipeline: pipeline.id, stage: stage.id }
}

/** What a pipeline and a stage of the portal are called in the contract. */
export type StageWords = (
  pipeline: string | undefined,
  stage: string | undefined,
) => { pipeline: string | undefined; stage: string | undefined }

/** The word for deals that people won in a pipeline of their own: HubSpot's own id of such a stage. */
export const wonElsewhere = 'closedwon'

/**
 * The way back from the portal's ids to the contract's words. A stage of a pipeline that is not ours keeps its id, but one that HubSpot counts as won
 * (probability 1) is `closedwon` in all of them.
 */
export const stageWords = (pipelines: readonly Pipeline[]): StageWords => {
  const known = new Map(pipelines.map((pipeline) => [pipeline.id, pipeline]))
  return (pipelineId, stageId) => {
    const pipeline = pipelineId === undefined ? undefined : known.get(pipelineId)
    const stage = pipeline?.stages.find(({ id }) => id === stageId)
    if (pipeline === undefined || stage === undefined) return { pipeline: pipelineId, stage: stageId }
    const own = pipelinePlans.find(({ label }) => sameLabel(label, pipeline.label))
    const word = own === undefined ? undefined : stagePlans.find(({ label }) => sameLabel(label, stage.label))?.word
    const won = Number(stage.metadata['probability']) === 1
    return { pipeline: own?.word ?? pipelineId, stage: word ?? (won ? wonElsewhere : stageId) }
  }
}

/**
 * The stages that an order in this one has surely gone through before, in order: only what its data shows. It was paid when it has a time of payment, and goods
 * that came back had been delivered.
 */
export const stagesBefore = (stage: string, isPaid: boolean): string[] => {
  const paid = isPaid ? ['paid'] : []
  switch (stage) {
    case 'paid':
      return ['placed']
    case 'fulfilled':
    case 'refunded':
    case 'cancelled':
      return ['placed', ...paid]
    case 'returned':
      return ['placed', ...paid, 'fulfilled']
    default:
      return []
  }
}
