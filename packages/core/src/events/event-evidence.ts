import { evidenceProblems } from '../contract/evidence-problems.ts'
import type { EventType } from '../model/event.ts'
import type { Order } from '../model/order.ts'
import type { Evidence } from '../signals/signal-rules.ts'
import { holdsEvidence } from '../signals/suppression.ts'

/** What an order holds at a path: one of the values, or without `is` anything but blank, `false` and 0. */
export type OrderEvidence = Omit<Evidence, 'of'>

/** By which fields of an order the shop says what no platform has a state for. Without evidence the event does not happen. */
export interface EventEvidence {
  /** The buyer gets other goods for these: `order.exchange`. */
  exchange?: readonly OrderEvidence[]
  /** The buyer says that goods are faulty: `order.warranty-claim`. */
  warrantyClaim?: readonly OrderEvidence[]
}

const types = { exchange: 'order.exchange', warrantyClaim: 'order.warranty-claim' } as const satisfies Record<
  keyof EventEvidence,
  EventType
>
const names = ['exchange', 'warrantyClaim'] as const satisfies readonly (keyof EventEvidence)[]

/** The types that an order holds the evidence of. */
export const evidentTypes = (evidence: EventEvidence, order: Order): EventType[] =>
  names.filter((name) => evidence[name]?.some((each) => holdsEvidence(each, order)) === true).map((name) => types[name])

const isList = (value: unknown): value is readonly OrderEvidence[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null && typeof Object(each).path === 'string')

/** What is wrong with evidence that somebody wrote into a config, by its path. */
export const eventEvidenceProblems = (evidence: EventEvidence): { path: string; message: string }[] => {
  const unknown = Object.keys(evidence).filter((name) => !names.some((known) => known === name))
  const lists = names.flatMap((name) => {
    const list: unknown = evidence[name] ?? []
    if (!isList(list)) return [{ path: name, message: 'must be a list of paths, each with the values that count: [{ path, is }]' }]
    const problems = evidenceProblems(list.map((each) => ({ ...each, of: 'order' })))
    return problems.map(({ path, message }) => ({ path: `${name}.${path}`, message }))
  })
  return [
    ...unknown.map((name) => ({ path: name, message: `is no event that evidence tells; there are ${names.join(' and ')}` })),
    ...lists,
  ]
}
