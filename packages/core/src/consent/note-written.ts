import { parseFingerprint, type SettledConsent } from '../delivery/fingerprint.ts'
import type { Settled } from '../delivery/settle-outcome.ts'
import type { Connection } from '../engine/connection.ts'
import type { Engine } from '../engine/engine.ts'
import type { HeldConsent, HeldConsentRow } from '../spec/store.ts'
import { concerning, slotOf } from './held.ts'

/**
 * Notes what the destination holds now that it confirmed our writing, as ours. Before the delivery is settled: after a crash in between it is written again, which
 * changes nothing.
 */
export const noteWritten = async (engine: Engine, connection: Connection, token: string, settled: readonly Settled[]): Promise<void> => {
  const written = settled.flatMap(({ claimed, settlement }) => {
    if (claimed.kind !== 'consent' || settlement.to !== 'settled' || settlement.fingerprint == null) return []
    if (settlement.result !== 'created' && settlement.result !== 'updated') return []
    return [{ unit: claimed.unit, topics: Object.entries(parseFingerprint(settlement.fingerprint)?.consent ?? {}) }]
  })
  if (written.length === 0) return
  const now = engine.clock.now()
  const held = await engine.store.heldConsent(
    connection.name,
    written.map(({ unit }) => unit),
  )
  const rows = written.flatMap(({ unit, topics }, index) =>
    rowsOf(connection, topics, held[index] ?? [], now).map((row): HeldConsentRow => ({ ...row, unit })),
  )
  if (rows.length > 0) await engine.store.putHeldConsent(token, connection.name, { rows, raises: [] }, now)
}

const rowsOf = (
  connection: Connection,
  topics: readonly (readonly [string, SettledConsent])[],
  held: readonly HeldConsent[],
  now: number,
): HeldConsent[] => {
  const rows = new Map<string, HeldConsent>()
  const put = (row: HeldConsent): unknown => rows.set(slotOf(row), row)
  for (const [name, { written, word }] of topics) {
    const topic = connection.contract.consent.topics[name]
    if (topic === undefined || written === undefined || word === undefined) continue
    const { channel, target = null } = topic
    if (word === 'granted') for (const row of lifted(connection, channel, target, concerning(held, topic))) put(row)
    put({ channel, target, status: word, at: written.at, firstSeenAt: now, reason: null, ours: true })
  }
  return [...rows.values()]
}

/**
 * A denial of the whole channel is over once one target of it was granted: what is left of it is the denial of the other targets.
 */
const lifted = (
  connection: Connection,
  channel: HeldConsent['channel'],
  target: string | null,
  held: readonly HeldConsent[],
): HeldConsent[] => {
  const whole = held.find((one) => one.target === null && one.status === 'denied')
  if (whole === undefined || target === null) return []
  const others = Object.values(connection.contract.consent.topics).flatMap((topic) =>
    topic.channel === channel && topic.target !== undefined && topic.target !== target ? [topic.target] : [],
  )
  return [{ ...whole, status: 'unknown', reason: null }, ...others.map((other) => ({ ...whole, target: other }))]
}
