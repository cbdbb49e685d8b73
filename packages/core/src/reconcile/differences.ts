import type { OrderFinding } from '../api/reconcile-report.ts'
import { normalValue } from './normal-value.ts'
import { comparedParts, type ComparableObject } from './remote-fields.ts'
import type { RemoteOrder } from './remote-order.ts'
import type { SourceOrder } from './source-order.ts'

/**
 * What the destination has otherwise than the contract makes it of the source's order. A field that the contract leaves to the destination, and one that is blank at
 * the source and not erased, is no difference.
 */
export const differencesOf = (source: SourceOrder, remote: RemoteOrder, comparable: ComparableObject): OrderFinding['differences'] => {
  const differences = comparedParts.flatMap((what) => {
    const field = comparable.parts[what]
    if (field?.owned !== true || source.fields[field.name] === undefined || (what === 'paidAt' && source.undated)) return []
    const [wanted, found] = [normalValue(source.fields[field.name], field.type), normalValue(remote.fields[field.name], field.type)]
    return wanted === found ? [] : [{ what, field: field.name, source: wanted, destination: found }]
  })
  const { stage } = comparable
  if (stage?.owned !== true || source.won === remote.won) return differences
  const wanted = normalValue(source.fields[stage.name], 'string')
  return [
    ...differences,
    { what: 'stage', field: stage.name, source: wanted, destination: normalValue(remote.fields[stage.name], 'string') },
  ]
}
