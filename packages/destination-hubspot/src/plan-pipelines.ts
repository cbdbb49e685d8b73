import type { DestinationContext, Expression, PlanChange } from '@millrace/core'
import { pipelinePlans, sameLabel, stagePlans, type StagePlan } from './pipeline-plan.ts'
import type { Pipeline, Stage } from './pipeline.ts'
import type { Portal } from './portal.ts'
import { stageProperties } from './stages.ts'
import { usedTargets, type UsedTarget } from './target.ts'

/** A stage as it has to be. */
export interface DesiredStage {
  label: string
  displayOrder: number
  metadata: Record<string, string>
}

/** What `apply` does for a pipeline. */
export type PipelineDetails =
  | { kind: 'pipeline'; type: string; label: string; displayOrder: number; stages: DesiredStage[] }
  | { kind: 'stage'; type: string; pipelineId: string; stage: DesiredStage }

// Won and lost are a matter of deals; HubSpot's orders have stages without them.
const toStage = (type: string, { label, probability, isClosed }: StagePlan, displayOrder: number): DesiredStage => ({
  label,
  displayOrder,
  metadata: type === 'deals' ? { probability, isClosed: String(isClosed) } : {},
})

const planStages = (type: string, pipeline: Pipeline): PlanChange[] =>
  stagePlans.flatMap((plan, displayOrder): PlanChange[] => {
    const target = `pipeline ${type}/${pipeline.label}/${plan.label}`
    const want = toStage(type, plan, displayOrder)
    const have = pipeline.stages.find((stage) => sameLabel(stage.label, plan.label))
    if (have === undefined) {
      const details: PipelineDetails = { kind: 'stage', type, pipelineId: pipeline.id, stage: want }
      return [
        { action: 'create', target, differences: [{ path: 'label', have: undefined, want: plan.label }], destructive: false, details },
      ]
    }
    return type === 'deals' && probabilityOf(have) !== Number(plan.probability)
      ? [
          {
            action: 'drift',
            target,
            differences: [{ path: 'probability', have: have.metadata['probability'], want: plan.probability }],
            destructive: false,
          },
        ]
      : []
  })

const probabilityOf = (stage: Stage): number => Number(stage.metadata['probability'] ?? Number.NaN)

/** Whether a value can be what stands at the path: some units may get another one (variants, conditions). */
const gives = (value: Expression | undefined, path: string): boolean => {
  switch (value?.op) {
    case 'path':
      return value.path === path
    case 'when':
      return gives(value.value, path) || gives(value.otherwise, path)
    case 'coalesce':
      return value.of.some((part) => gives(part, path))
    default:
      return false
  }
}

/** Only a contract that writes core's own words needs our pipelines; one that maps them to pipelines of its own does not. */
const needsOurs = ({ target, fields }: UsedTarget): boolean => {
  const names = stageProperties[target.type]
  const takes = (name: string, path: string): boolean => gives(fields[name]?.value, path)
  return names !== undefined && takes(names.stage, 'stage') && (fields[names.pipeline] === undefined || takes(names.pipeline, 'pipeline'))
}

/** Which pipelines and stages are missing. Stages that people changed are reported and left alone: their reports depend on them. */
export const planPipelines = async (portal: Portal, ctx: DestinationContext): Promise<PlanChange[]> => {
  const used = usedTargets(ctx.contract).filter(needsOurs)
  const plans = await Promise.all(
    used.map(async ({ target: { type } }) => {
      const pipelines = await portal.pipelines(type, ctx.signal)
      return pipelinePlans.flatMap(({ label }, index): PlanChange[] => {
        const have = pipelines.find((pipeline) => sameLabel(pipeline.label, label))
        if (have !== undefined) return planStages(type, have)
        const stages = stagePlans.map((stage, order) => toStage(type, stage, order))
        const details: PipelineDetails = { kind: 'pipeline', type, label, displayOrder: pipelines.length + index, stages }
        const differences = [{ path: 'stages', have: undefined, want: stages.map((stage) => stage.label) }]
        return [{ action: 'create', target: `pipeline ${type}/${label}`, differences, destructive: false, details }]
      })
    }),
  )
  return plans.flat()
}
