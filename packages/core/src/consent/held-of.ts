import type { Loaded } from '../delivery/load-views.ts'
import type { Connection } from '../engine/connection.ts'
import type { Engine } from '../engine/engine.ts'
import { emailKey } from '../identity/person-keys.ts'
import type { HeldConsent, HeldConsentRow } from '../spec/store.ts'
import { slotOf } from './held.ts'

/** The name under which consent of an address is kept, whoever has it and whatever the scope of e-mails is: a vendor knows an address once. */
export const addressUnit = (email: string | undefined): string | undefined => emailKey(email, '*')

/**
 * What the destination is known to hold of each loaded person, by their unit and by their addresses; of two the one that was seen last. What was kept under an
 * address before the person came goes with the person from then on, unless there is no token to write with.
 */
export const heldOf = async (
  engine: Engine,
  connection: Connection,
  loaded: readonly Loaded[],
  token: string | undefined,
): Promise<HeldConsent[][]> => {
  const names = loaded.map(({ claimed, emails = [] }) => [
    ...new Set([claimed.unit, ...emails.flatMap((email) => addressUnit(email) ?? [])]),
  ])
  const stored = await engine.store.heldConsent(connection.name, names.flat())
  const rows: HeldConsentRow[] = []
  let next = 0
  const held = names.map((own, index) => {
    const [mine = [], ...ofAddresses] = stored.slice(next, (next += own.length))
    const known = newest([...mine, ...ofAddresses.flat()])
    const unit = loaded[index]?.claimed.unit
    if (unit !== undefined) rows.push(...known.filter((one) => !mine.includes(one)).map((one) => ({ ...one, unit })))
    return known
  })
  if (rows.length > 0 && token !== undefined)
    await engine.store.putHeldConsent(token, connection.name, { rows, raises: [] }, engine.clock.now())
  return held
}

const newest = (held: readonly HeldConsent[]): HeldConsent[] => {
  const bySlot = new Map<string, HeldConsent>()
  for (const one of held) {
    const other = bySlot.get(slotOf(one))
    if (other === undefined || counts(one, other)) bySlot.set(slotOf(one), one)
  }
  return [...bySlot.values()]
}

const counts = (a: HeldConsent, b: HeldConsent): boolean =>
  a.firstSeenAt > b.firstSeenAt || (a.firstSeenAt === b.firstSeenAt && a.status === 'denied' && b.status !== 'denied')
