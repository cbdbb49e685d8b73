import type { Connection } from '../engine/connection.ts'
import { destinationContext, type Engine } from '../engine/engine.ts'
import { keysOfPublic } from '../identity/person-keys.ts'
import { raiseConsent, raiseConsentReaders } from '../routing/route.ts'
import type { RemoteConsent } from '../spec/consent.ts'
import type { HeldConsentRow, Raise } from '../spec/store.ts'
import { addressUnit } from './held-of.ts'
import { mergeAll } from './held.ts'

/** Whether a connection has consent to be read back. */
export const readsConsentBack = ({ destination, contract }: Connection): boolean =>
  destination.consentChanges !== undefined && Object.keys(contract.consent.topics).length > 0

/**
 * Reads what changed about consent at the destination since last time, and raises the people concerned. Page by page: what is stored with its cursor is read once.
 * What concerns nobody we know is kept under its address, for the day on which somebody has it.
 */
export const readConsentBack = async (engine: Engine, connection: Connection, token: string, signal: AbortSignal): Promise<void> => {
  const since = await engine.store.consentCursor(connection.name)
  const pages = connection.destination.consentChanges?.(since, destinationContext(engine, connection, signal)) ?? []
  for await (const { changes, cursor } of pages) {
    signal.throwIfAborted()
    const now = engine.clock.now()
    const subjects = await subjectsOf(engine, connection, changes)
    const names = [...new Set(subjects.flatMap(({ unit, address }) => [unit ?? [], address ?? []].flat()))]
    const held = await engine.store.heldConsent(connection.name, names)
    const rows: HeldConsentRow[] = []
    const raises: Raise[] = []
    names.forEach((name, index) => {
      const told = changes.filter((_, position) => subjects[position]?.unit === name || subjects[position]?.address === name)
      const { changed } = mergeAll(held[index] ?? [], told, now)
      rows.push(...changed.map((row) => ({ ...row, unit: name })))
      if (changed.length > 0 && subjects.some(({ unit }) => unit === name))
        raises.push(...raiseConsent(connection, name, 'delta'), ...raiseConsentReaders(connection, name))
    })
    await engine.store.putHeldConsent(token, connection.name, { rows, raises, cursor }, now)
  }
}

/** Who a change is about: the unit, if we know the person, and the name of the address, if one was told. */
interface Subject {
  unit: string | undefined
  address: string | undefined
}

const subjectsOf = async (engine: Engine, connection: Connection, changes: readonly RemoteConsent[]): Promise<Subject[]> => {
  const keys = changes.map(({ key, email }) => [...(key === undefined || key === '' ? [] : keysOfPublic(key)), ...addressKeys(email)])
  const distinct = [...new Set(keys.flat())]
  const units = await engine.store.aliases(connection.identity, distinct)
  const byKey = new Map(distinct.map((key, index) => [key, units[index]]))
  const found = keys.map((own) => own.map((key) => byKey.get(key)).find((unit) => unit !== undefined))
  // Only for those that neither key nor address tells: it walks over all links.
  const lost = changes.flatMap(({ remoteId }, index) => (found[index] !== undefined || remoteId === undefined ? [] : [remoteId]))
  const byId = new Map<string, string | undefined>()
  if (lost.length > 0) {
    const linked = await engine.store.unitsByRemoteId(connection.name, lost)
    lost.forEach((id, index) => byId.set(id, linked[index]))
  }
  return changes.map(({ remoteId, email }, index) => ({ unit: found[index] ?? byId.get(remoteId ?? ''), address: addressUnit(email) }))
}

const addressKeys = (email: string | undefined): string[] => {
  const name = addressUnit(email)
  return name === undefined ? [] : [name]
}
