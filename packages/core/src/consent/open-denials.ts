import { linkStates } from '../delivery/parents.ts'
import type { Connection } from '../engine/connection.ts'
import type { Engine } from '../engine/engine.ts'
import type { LinkState } from '../spec/store.ts'

/**
 * Consent of people that is still on its way to the destination or could not be brought there, by unit: an opt-out may be among it, so nothing that markets to them
 * may overtake it (design §7.5). Wait for it with `waitFor`: it is released when the consent is settled. Empty where the contract has no topics. A row that is
 * parked holds nobody up, since only opt-ins wait.
 */
export const openDenials = async (engine: Engine, connection: Connection, units: readonly string[]): Promise<Map<string, LinkState>> => {
  const objects = connection.objectsOf('consent')
  if (objects.length === 0 || units.length === 0) return new Map()
  const states = await linkStates(
    engine,
    connection,
    units.flatMap((unit) => objects.map((object) => ({ object, unit }))),
  )
  return new Map(
    [...states.values()].flatMap((state) => (state.state === 'settled' || state.state === 'parked' ? [] : [[state.unit, state] as const])),
  )
}
