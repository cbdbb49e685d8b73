import type { Claimed } from '../../spec/store.ts'
import { compareBy, rankOf } from './order.ts'
import type { DeliveryRow, MemoryState } from './state.ts'

/** Takes the next rows of one object of a connection. */
export const claimRows = (
  state: MemoryState,
  request: { connection: string; limits: Readonly<Record<string, number>>; now: number },
): Claimed[] => {
  const limitOf = (object: string): number => (Object.hasOwn(request.limits, object) ? (request.limits[object] ?? 0) : 0)
  const due = [...state.deliveries.values()]
    .filter((row) => row.connection === request.connection && row.state === 'ready' && row.nextAt <= request.now && limitOf(row.object) > 0)
    .toSorted((a, b) => compareBy(claimOrder(a), claimOrder(b)))
  const first = due[0]
  if (first === undefined) return []
  const fence = Math.max((state.fences.get(request.connection) ?? 0) + 1, request.now)
  state.fences.set(request.connection, fence)
  return due
    .filter((row) => row.object === first.object)
    .slice(0, limitOf(first.object))
    .map((row) => {
      row.state = 'sending'
      row.sending = row.wanted
      row.updatedAt = request.now
      return claimedOf(row, fence)
    })
}

const claimOrder = (row: DeliveryRow): number[] => [row.priority, rankOf[row.kind], row.nextAt, row.did]

/** The row as it is handed out. */
export const claimedOf = ({ guarded: _guarded, sending, ...row }: DeliveryRow, fence: number): Claimed => ({
  ...row,
  sending: sending ?? row.wanted,
  fence,
})
