import { membershipNames, type DestinationContext, type PlanChange } from '@millrace/core'
import type { Portal } from './portal.ts'

/** What `apply` does for a list. */
export interface ListDetails {
  kind: 'list'
  name: string
}

/** Lists that the contract can name and that the portal lacks, or keeps by filters. Lists of values that only records know must be made by hand. */
export const planLists = async (portal: Portal, { contract, signal }: DestinationContext): Promise<PlanChange[]> => {
  const names = membershipNames(contract).flatMap(({ kind, name }) => (kind === 'list' ? [name] : []))
  if (names.length === 0) return []
  const lists = await portal.lists(signal)
  return names.flatMap((name): PlanChange[] => {
    const have = lists.find(name)
    const target = `list ${name}`
    if (have?.isStatic === true) return []
    if (have !== undefined)
      return [{ action: 'drift', target, differences: [{ path: 'processingType', have: 'DYNAMIC', want: 'MANUAL' }], destructive: false }]
    if (/^\d+$/.test(name))
      return [{ action: 'drift', target, differences: [{ path: 'exists', have: false, want: true }], destructive: false }]
    const details: ListDetails = { kind: 'list', name }
    const differences = [{ path: 'processingType', have: undefined, want: 'MANUAL' }]
    return [{ action: 'create', target, differences, destructive: false, details }]
  })
}
