import type { DeadLetterFilter, DeadLetterPreview } from '../api/report.ts'
import { skipDropped } from '../delivery/dropped-objects.ts'
import { changedFields, parseFingerprint } from '../delivery/fingerprint.ts'
import { prepare } from '../delivery/prepare.ts'
import type { Prepared } from '../delivery/prepared.ts'
import { toProblem } from '../delivery/settle-outcome.ts'
import type { Connection } from '../engine/connection.ts'
import type { Engine } from '../engine/engine.ts'
import { isMillraceError } from '../error.ts'
import type { Claimed, Delivery, Problem } from '../spec/store.ts'
import { deadFilter } from './dead-letters.ts'

const atOnce = 200

type Verdict = Pick<DeadLetterPreview, 'outcome' | 'fields' | 'children' | 'problem'>

/** What a replay would do with matching dead letters now, in the order of their ids. Writes nothing and needs no lease. */
export const previewDeadLetters = async (engine: Engine, filter: DeadLetterFilter, signal: AbortSignal): Promise<DeadLetterPreview[]> => {
  const previews: DeadLetterPreview[] = []
  for (let afterDid = 0; !signal.aborted;) {
    const rows = await engine.store.deliveries(deadFilter(filter), { afterDid, limit: atOnce })
    const verdicts = new Map<number, Verdict>()
    for (const group of Map.groupBy(rows, (row) => JSON.stringify([row.connection, row.object])).values()) {
      for (const [did, verdict] of await judge(engine, group, signal)) verdicts.set(did, verdict)
    }
    previews.push(...rows.map((row) => ({ ...headOf(row), ...(verdicts.get(row.did) ?? nothing('unknown', null)) })))
    if (rows.length < atOnce) break
    afterDid = rows.at(-1)?.did ?? afterDid
  }
  return previews
}

const headOf = ({ did, connection, object, unit, problem }: Delivery) => ({
  id: did,
  connection,
  object,
  unit,
  code: problem?.code ?? 'unknown',
})

/** Rows of one object of one connection. */
const judge = async (engine: Engine, rows: readonly Delivery[], signal: AbortSignal): Promise<(readonly [number, Verdict])[]> => {
  const name = rows[0]?.connection ?? ''
  const connection = engine.connections.get(name)
  if (connection === undefined) {
    const problem = { code: 'connection_unknown', message: `The config has no connection named ${name}, so nothing is sent.` }
    return rows.map((row) => [row.did, nothing('dead', problem)] as const)
  }
  try {
    return (await prepared(engine, connection, rows, signal)).map((item) => [item.claimed.did, verdictOf(item)] as const)
  } catch (thrown) {
    if (!isMillraceError(thrown)) throw thrown
    return rows.map((row) => [row.did, nothing('unknown', toProblem(thrown))] as const)
  }
}

/** As a replay hands them out. */
const prepared = async (engine: Engine, connection: Connection, rows: readonly Delivery[], signal: AbortSignal): Promise<Prepared[]> => {
  const claimed = rows.map((row): Claimed => ({
    ...row,
    cause: 'replay',
    sending: row.wanted,
    uncertain: false,
    fence: 0,
    changedAt: null,
  }))
  return skipDropped(connection, claimed) ?? (await prepare(engine, connection, claimed, undefined, new Set(), signal))
}

const verdictOf = (item: Prepared): Verdict => {
  if ('settle' in item) {
    const { settle } = item
    const problem = 'problem' in settle ? (settle.problem ?? null) : null
    if (settle.to === 'dead' || settle.to === 'parked') return nothing(settle.to, problem)
    return nothing(settle.to === 'settled' && settle.result === 'unchanged' ? 'unchanged' : 'skipped', problem)
  }
  const { send, fingerprint, claimed } = item
  // A replay sends the object whole, since its last attempt failed; what differs is told from what was settled.
  const settled = parseFingerprint(claimed.fingerprint)
  const differing = new Set(changedFields(settled, fingerprint))
  return {
    outcome: send.operation === 'archive' ? 'archive' : send.remoteId === undefined ? 'create' : 'update',
    fields: Object.keys(send.fields).filter((name) => differing.has(name)),
    children: send.children.filter(({ key }) => settled?.children[key] !== fingerprint.children[key]).length,
    problem: null,
  }
}

const nothing = (outcome: Verdict['outcome'], problem: Problem | null): Verdict => ({
  outcome,
  fields: [],
  children: 0,
  problem:
    problem === null
      ? null
      : { code: problem.code, message: problem.message, ...(problem.field === undefined ? {} : { field: problem.field }) },
})
