import { changedFields } from '../../delivery/fingerprint.ts'
import { compare } from '../../delivery/prepare.ts'
import type { Connection } from '../../engine/connection.ts'
import type { Engine } from '../../engine/engine.ts'
import type { Claimed, Delivery } from '../../spec/store.ts'

const atOnce = 500

/** What the contract makes of a unit that the store holds. */
export interface UnitVerdict {
  object: string
  unit: string
  /** `changed` = it would be sent; a problem or a reason why it is not sent has its code. */
  outcome: 'changed' | 'unchanged' | 'archived' | { code: string }
  /** Names of the fields that differ from what was settled; all of them for one that was never settled. */
  fields: string[]
}

/** A row as a pass would hand it out. */
const asClaimed = (row: Delivery): Claimed => ({
  ...row,
  cause: 'contract',
  sending: row.wanted,
  uncertain: false,
  fence: 0,
  changedAt: null,
})

const judge = async (engine: Engine, connection: Connection, rows: readonly Delivery[], signal: AbortSignal): Promise<UnitVerdict[]> => {
  const { prepared, candidates } = await compare(engine, connection, rows.map(asClaimed), undefined, signal)
  const settled = prepared.map((item): UnitVerdict => {
    const { object, unit } = item.claimed
    const base = { object, unit, fields: [] }
    if ('send' in item) return { ...base, outcome: 'archived' }
    const { settle } = item
    if (settle.to === 'settled' && settle.result === 'unchanged') return { ...base, outcome: 'unchanged' }
    return { ...base, outcome: { code: ('problem' in settle ? settle.problem?.code : undefined) ?? 'unknown' } }
  })
  const changed = candidates.map(({ loaded, settled: before, fingerprint }): UnitVerdict => {
    const { object, unit } = loaded.claimed
    const gone = Object.keys(before?.fields ?? {}).filter((name) => !Object.hasOwn(fingerprint.fields, name))
    return { object, unit, outcome: 'changed', fields: [...changedFields(before, fingerprint), ...gone] }
  })
  return [...settled, ...changed]
}

/** Looks at every unit of a connection with its contract as it is in the config, against what was settled. Asks and writes nothing outside the store. */
export async function* walkUnits(engine: Engine, connection: Connection, signal: AbortSignal): AsyncGenerator<UnitVerdict[]> {
  for (const object of Object.keys(connection.contract.objects)) {
    const { from } = connection.spec(object)
    if (from === 'event' || from === 'consent') continue
    for (let afterDid = 0; !signal.aborted;) {
      const rows = await engine.store.deliveries({ connection: connection.name, object }, { afterDid, limit: atOnce })
      if (rows.length > 0) yield await judge(engine, connection, rows, signal)
      if (rows.length < atOnce) break
      afterDid = rows.at(-1)?.did ?? afterDid
    }
  }
}
