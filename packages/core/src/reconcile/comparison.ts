import type { OrderFinding, ReconciledConnection } from '../api/reconcile-report.ts'
import { isInFlight, isLeftOut, type ExpectedOrder } from './collect-orders.ts'
import { differencesOf } from './differences.ts'
import type { ComparableObject } from './remote-fields.ts'
import type { RemoteOrder } from './remote-order.ts'
import type { Counted, Period } from './source-order.ts'
import { addAmounts, orderSums, type Sums } from './sums.ts'

/** What the store holds of an order that the destination alone puts into the period; null for a key that it does not know. */
export type Stranger = ExpectedOrder | 'deleted' | null

/** What came of the comparison of one connection. `repairable` = units that a repair would send again. */
export interface Compared {
  sums: Sums
  findings: OrderFinding[]
  inFlight: ReconciledConnection['inFlight']
  leftOut: Record<string, number>
  repairable: string[]
}

/** Meets the destination's orders one by one, and in the end tells which were never met. */
export interface Comparison {
  meet(remote: RemoteOrder, strangers: ReadonlyMap<string, Stranger>): void
  finish(allPipelines: boolean): Compared
}

/** Starts a comparison with the orders that the source has in a period. */
export const startComparison = (comparable: ComparableObject, period: Period, expected: ReadonlyMap<string, ExpectedOrder>): Comparison => {
  const sums = orderSums()
  const findings: OrderFinding[] = []
  const repairable: string[] = []
  const seen = new Map<string, string>()
  const strangersByHand: RemoteOrder[] = []
  const ownPipelines = new Set<string | null>()
  const byNumber = new Map<string, ExpectedOrder>()
  const byId = new Map<string, ExpectedOrder>()
  for (const order of expected.values()) {
    if (order.number !== null) byNumber.set(order.number, order)
    byId.set(order.id, order)
  }
  const find = (
    kind: OrderFinding['kind'],
    source: ExpectedOrder | undefined,
    remote: RemoteOrder | undefined,
    more: Partial<OrderFinding> = {},
  ): void => {
    findings.push({
      kind,
      day: source?.counted?.day ?? remote?.counted?.day ?? period.from,
      currency: source?.currency ?? remote?.currency ?? '?',
      key: source?.key ?? (remote?.key || null),
      number: source?.number ?? remote?.number ?? null,
      remoteIds: remote === undefined ? [] : [remote.remoteId],
      amount: source?.amount ?? remote?.amount ?? '0',
      differences: [],
      state: source?.link?.state ?? null,
      ...more,
    })
  }
  /** Store and customer group are the source's, and so is the day where the destination does not keep the time that counts. */
  const countedOf = (remote: RemoteOrder, source: ExpectedOrder): Counted | undefined => {
    const { counted } = source
    if (source.undated) return undefined
    const isKept = comparable.parts[period.basis === 'paid' ? 'paidAt' : 'placedAt'] !== undefined
    if (isKept) return remote.counted === undefined ? undefined : { ...remote.counted, ...(counted === undefined ? {} : placeOf(counted)) }
    if (counted === undefined || (period.basis === 'paid' && !remote.won)) return undefined
    const { currency, amount, gross, net, refunds } = remote.values
    return { ...counted, currency, amount, gross, net, refunds }
  }
  const meetOwn = (remote: RemoteOrder, source: ExpectedOrder): void => {
    const first = seen.get(source.unit)
    if (first !== undefined) {
      if (remote.counted !== undefined) sums.add('destination', remote.counted)
      return find('doubled', source, remote, { remoteIds: [first, remote.remoteId] })
    }
    seen.set(source.unit, remote.remoteId)
    if (isInFlight(source)) return undefined
    const counted = countedOf(remote, source)
    if (counted !== undefined) sums.add('destination', counted)
    const differences = differencesOf(source, remote, comparable)
    if (differences.length === 0) return undefined
    repairable.push(source.unit)
    return find('differing', source, remote, { differences })
  }
  const meet = (remote: RemoteOrder, strangers: ReadonlyMap<string, Stranger>): void => {
    if (remote.key === '') {
      if (remote.counted !== undefined) strangersByHand.push(remote)
      return undefined
    }
    ownPipelines.add(remote.pipeline)
    const unit = `order:${remote.key}`
    const source = expected.get(unit) ?? strangers.get(unit)
    if (source === undefined || source === 'deleted') return undefined
    if (source !== null) return meetOwn(remote, source)
    if (remote.counted !== undefined) sums.add('destination', remote.counted)
    return find('extra', undefined, remote)
  }
  const meetByHand = (remote: RemoteOrder): void => {
    if (remote.counted !== undefined) sums.add('destination', remote.counted)
    const source =
      (remote.id === null ? undefined : byId.get(remote.id)) ?? (remote.number === null ? undefined : byNumber.get(remote.number))
    if (source === undefined) return find('extra', undefined, remote)
    return find('doubled', source, remote, { remoteIds: [seen.get(source.unit), remote.remoteId].filter((id) => id !== undefined) })
  }
  const finish = (allPipelines: boolean): Compared => {
    for (const remote of strangersByHand) if (allPipelines || ownPipelines.has(remote.pipeline)) meetByHand(remote)
    const inFlight = new Map<string, { currency: string; orders: number; gross: string }>()
    const leftOut: Record<string, number> = {}
    for (const source of expected.values()) {
      const { counted, currency } = source
      if (counted === undefined) continue
      if (isInFlight(source)) {
        const before = inFlight.get(currency)
        inFlight.set(currency, {
          currency,
          orders: (before?.orders ?? 0) + 1,
          gross: addAmounts(before?.gross ?? '0', counted.gross ?? '0'),
        })
      } else if (!seen.has(source.unit) && (source.refused !== undefined || isLeftOut(source))) {
        const reason = source.refused ?? source.link?.result ?? 'skipped'
        leftOut[reason] = (leftOut[reason] ?? 0) + 1
      } else {
        sums.add('source', kept(counted, comparable))
        if (seen.has(source.unit)) continue
        repairable.push(source.unit)
        find('missing', source, undefined)
      }
    }
    return { findings: sorted(findings), sums, inFlight: [...inFlight.values()], leftOut, repairable }
  }
  return { meet, finish }
}

const placeOf = ({ store, customerGroup }: Counted): Pick<Counted, 'store' | 'customerGroup'> => ({ store, customerGroup })

/** The source's amounts as far as the destination keeps them. */
const kept = (counted: Counted, { parts }: ComparableObject): Counted => ({
  ...counted,
  gross: parts.gross === undefined ? null : counted.gross,
  net: parts.net === undefined ? null : (counted.net ?? '0'),
  refunds: parts.refunded === undefined ? null : counted.refunds,
})

const sorted = (findings: OrderFinding[]): OrderFinding[] => {
  const text = ({ day, kind, key, remoteIds }: OrderFinding): string => JSON.stringify([day, kind, key, remoteIds])
  return findings.toSorted((a, b) => (text(a) < text(b) ? -1 : 1))
}
