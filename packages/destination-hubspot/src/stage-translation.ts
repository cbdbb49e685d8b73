import type { Portal } from './portal.ts'
import { stageProperties, stageWords } from './stages.ts'

type Properties = Readonly<Record<string, string>>

/** How properties that were read are put into the contract's words. `needs` = what must be read beside what was asked for. */
export interface StageTranslation {
  needs: readonly string[]
  translate(properties: Properties): Properties
}

const nothing: StageTranslation = { needs: [], translate: (properties) => properties }

/** Prepares it for a type of objects; asks for its pipelines only when one of the fields names a pipeline or a stage. */
export const stageTranslation = async (
  portal: Portal,
  type: string,
  fields: readonly string[],
  signal: AbortSignal,
): Promise<StageTranslation> => {
  const names = stageProperties[type]
  if (names === undefined || !fields.some((name) => name === names.pipeline || name === names.stage)) return nothing
  const words = stageWords(await portal.pipelines(type, signal))
  return {
    needs: [names.pipeline, names.stage],
    translate: (properties) => {
      const { pipeline, stage } = words(properties[names.pipeline], properties[names.stage])
      return {
        ...properties,
        ...(pipeline === undefined ? {} : { [names.pipeline]: pipeline }),
        ...(stage === undefined ? {} : { [names.stage]: stage }),
      }
    },
  }
}
