import type { Loaded } from '../delivery/load-views.ts'
import type { Connection } from '../engine/connection.ts'
import { destinationContext, type Engine } from '../engine/engine.ts'
import { foldEmail } from '../identity/email.ts'
import type { ConsentSubject, RemoteConsent } from '../spec/consent.ts'
import { raiseConsentReaders } from '../routing/route.ts'
import type { HeldConsent, HeldConsentRow } from '../spec/store.ts'
import { mergeAll } from './held.ts'

/** A person to be asked for, with what is known. */
export interface Asking {
  loaded: Loaded
  held: readonly HeldConsent[]
  remoteId: string | undefined
}

/** What is known of a person after asking; `told: undefined` = the destination cannot be asked. */
export interface Answer {
  held: HeldConsent[]
  told: readonly RemoteConsent[] | undefined
}

/** How many people one call asks for. */
const atOnce = 100

/**
 * Asks the destination what it holds of people right now, and keeps what it says. Gives what is then known of each; a destination that cannot be asked leaves it
 * at what was read back. Throws what the destination throws: without an answer no opt-in is written.
 */
export const askDestination = async (
  engine: Engine,
  connection: Connection,
  people: readonly Asking[],
  token: string | undefined,
  signal: AbortSignal,
): Promise<Answer[]> => {
  const { destination } = connection
  if (destination.consentOf === undefined || people.length === 0) return people.map(({ held }) => ({ held: [...held], told: undefined }))
  const answers: Answer[] = []
  const rows: HeldConsentRow[] = []
  const now = engine.clock.now()
  for (let start = 0; start < people.length; start += atOnce) {
    const page = people.slice(start, start + atOnce)
    const subjects = page.map(toSubject)
    const told = speakingOf(subjects, await destination.consentOf(subjects, destinationContext(engine, connection, signal)))
    for (const [index, { held, loaded }] of page.entries()) {
      const own = told[index] ?? []
      const { merged, changed } = mergeAll(held, own, now)
      answers.push({ held: merged, told: own })
      rows.push(...changed.map((one) => ({ ...one, unit: loaded.claimed.unit })))
    }
  }
  if (rows.length > 0 && token !== undefined) {
    const raises = [...new Set(rows.map(({ unit }) => unit))].flatMap((unit) => raiseConsentReaders(connection, unit))
    await engine.store.putHeldConsent(token, connection.name, { rows, raises }, now)
  }
  return answers
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

const toSubject = ({ loaded: { claimed, key, view }, remoteId }: Asking): ConsentSubject => {
  const email = text(view?.['email'])
  const phone = text(view?.['phone'])
  return {
    unit: claimed.unit,
    key,
    ...(remoteId === undefined ? {} : { remoteId }),
    ...(email === undefined ? {} : { email }),
    ...(phone === undefined ? {} : { phone }),
  }
}

/** What was told of each subject. An answer counts for everybody whom it names, by key, id or address. */
const speakingOf = (subjects: readonly ConsentSubject[], told: readonly RemoteConsent[]): RemoteConsent[][] => {
  const byName = new Map<string, RemoteConsent[]>()
  for (const one of told) {
    for (const name of namesOf(one)) byName.set(name, [...(byName.get(name) ?? []), one])
  }
  return subjects.map((subject) => [...new Set(namesOf(subject).flatMap((name) => byName.get(name) ?? []))])
}

const namesOf = ({ key, remoteId, email }: Pick<RemoteConsent, 'key' | 'remoteId' | 'email'>): string[] => {
  const address = foldEmail(email)
  return [
    ...(key === undefined || key === '' ? [] : [`key ${key}`]),
    ...(remoteId === undefined || remoteId === '' ? [] : [`id ${remoteId}`]),
    ...(address === undefined ? [] : [`address ${address}`]),
  ]
}
