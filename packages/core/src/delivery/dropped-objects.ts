import type { Connection } from '../engine/connection.ts'
import type { Engine } from '../engine/engine.ts'
import type { Claimed } from '../spec/store.ts'
import { settlementOf, type Prepared } from './prepared.ts'

const atOnce = 1_000

/** Whether the contract no longer has an object, as after a change of the contract or of the adapter's settings. */
const isDropped = ({ contract }: Connection, object: string): boolean => !Object.hasOwn(contract.objects, object)

/** Claim limits for objects that still have rows to be sent although the contract dropped them: left alone, they would be due for ever. */
export const droppedLimits = async (engine: Engine, connection: Connection): Promise<Record<string, number>> => {
  const counts = await engine.store.counts(connection.name)
  const waiting = counts.filter(({ state, object }) => state === 'ready' && isDropped(connection, object))
  return Object.fromEntries(waiting.map(({ object }) => [object, atOnce]))
}

/** Settles claimed rows of a dropped object as skipped; a contract that takes it up again raises every record anew. Undefined for objects in use. */
export const skipDropped = (connection: Connection, claimed: readonly Claimed[]): Prepared[] | undefined => {
  const object = claimed[0]?.object
  if (object === undefined || !isDropped(connection, object)) return undefined
  const problem = { code: 'object_dropped', message: `The contract of ${connection.name} no longer has ${object}, so it is not sent.` }
  return claimed.map((row) => ({ claimed: row, settle: { ...settlementOf(row), to: 'settled', result: 'skipped', problem } }))
}
