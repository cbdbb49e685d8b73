import { asList, asText, isObject, member } from './json.ts'

/** A stage of a pipeline in the portal. */
export interface Stage {
  id: string
  label: string
  displayOrder: number
  metadata: Readonly<Record<string, unknown>>
}

/** A pipeline in the portal. */
export interface Pipeline {
  id: string
  label: string
  displayOrder: number
  stages: readonly Stage[]
}

const order = (value: unknown): number => (typeof value === 'number' ? value : 0)

/** Reads a pipeline as the vendor describes it; undefined when it has no id. */
export const toPipeline = (value: unknown): Pipeline | undefined => {
  const id = asText(member(value, 'id'))
  if (id === undefined) return undefined
  const stages = asList(member(value, 'stages')).flatMap((entry): Stage[] => {
    const stage = asText(member(entry, 'id'))
    const metadata = member(entry, 'metadata')
    if (stage === undefined) return []
    return [
      {
        id: stage,
        label: asText(member(entry, 'label')) ?? '',
        displayOrder: order(member(entry, 'displayOrder')),
        metadata: isObject(metadata) ? metadata : {},
      },
    ]
  })
  return { id, label: asText(member(value, 'label')) ?? '', displayOrder: order(member(value, 'displayOrder')), stages }
}
