import { randomBytes } from 'node:crypto'
import type { Alert } from '../api/report.ts'
import type { Engine } from '../engine/engine.ts'
import type { CheckFinding } from '../spec/check.ts'
import type { EngineState, SeenCredential } from '../spec/engine-state.ts'

const dayMs = 86_400_000
const oldAfterDays = 90

/** Everything that may have a credential, by the name under which its age is kept. */
const holders = (engine: Engine): [string, { credentialMark?(seal: string): Promise<string | undefined> }][] => [
  ...[...engine.sources].map(([name, source]): [string, typeof source] => [`source:${name}`, source]),
  ...[...engine.connections].map(([name, { destination }]): [string, typeof destination] => [`connection:${name}`, destination]),
]

/** Notes which credentials are in use since when. Only a keyed hash is kept, by which nobody finds the credential; the key is this store's own. */
export const noteCredentials = async (engine: Engine): Promise<Map<string, SeenCredential>> => {
  const states = await engine.store.states()
  const kept = states.find((state) => state.kind === 'seal')?.value
  const seal = typeof kept === 'string' ? kept : randomBytes(32).toString('base64')
  const changes: EngineState[] = seal === kept ? [] : [{ kind: 'seal', name: '', value: seal }]
  const known = new Map(
    states.flatMap((state) => (state.kind === 'credential' && state.value !== null ? [[state.name, state.value] as const] : [])),
  )
  const seen = new Map<string, SeenCredential>()
  for (const [name, holder] of holders(engine)) {
    // A credential that cannot be read now is found by the next request.
    const mark = await holder.credentialMark?.(seal).catch(() => undefined)
    if (mark === undefined) continue
    const before = known.get(name)
    const current = before?.mark === mark ? before : { mark, since: engine.clock.now() }
    seen.set(name, current)
    if (current !== before) changes.push({ kind: 'credential', name, value: current })
  }
  if (changes.length > 0) await engine.store.putStates(changes)
  return seen
}

const ageInDays = ({ since }: SeenCredential, now: number): number => Math.floor((now - since) / dayMs)

/** Findings for `check`: `sources` and `connections` whose credential is in use for more than 90 days. */
export const credentialFindings = (seen: ReadonlyMap<string, SeenCredential>, name: string, now: number): CheckFinding[] => {
  const credential = seen.get(name)
  const days = credential === undefined ? 0 : ageInDays(credential, now)
  if (days <= oldAfterDays) return []
  const message = `The credential is in use here for ${days} days.`
  return [
    {
      level: 'warning',
      code: 'credential_old',
      message,
      cure: 'Make a new one at the vendor, put it in place, then revoke this one. A credential function is read anew after a 401.',
    },
  ]
}

const noteEveryMs = 6 * 3_600_000

/** A secret store is not asked every minute. */
const seenCredentials = async (engine: Engine): Promise<ReadonlyMap<string, SeenCredential>> => {
  const at = engine.clock.monotonic()
  if (engine.credentialsAt === undefined || at - engine.credentialsAt >= noteEveryMs) {
    engine.credentialsAt = at
    return noteCredentials(engine)
  }
  const states = await engine.store.states()
  return new Map(
    states.flatMap((state) => (state.kind === 'credential' && state.value !== null ? [[state.name, state.value] as const] : [])),
  )
}

/** Alerts for connections whose credential is too old. */
export const oldCredentials = async (engine: Engine, now: number): Promise<Omit<Alert, 'since'>[]> => {
  const seen = await seenCredentials(engine)
  return [...engine.connections.keys()].flatMap((connection) =>
    credentialFindings(seen, `connection:${connection}`, now).map(
      ({ message }) => ({ kind: 'credential-age', connection, code: null, message }) as const,
    ),
  )
}
