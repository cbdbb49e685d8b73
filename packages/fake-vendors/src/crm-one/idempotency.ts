import { createHash } from 'node:crypto'

import { isJsonObject, type HttpReply } from '../http/index.ts'
import { limits } from './crm-schema.ts'
import { refuseAt, Refusal } from './problem.ts'

interface Entry {
  readonly fingerprint: string
  readonly at: number
  /** What the first attempt was told, a refusal too. Undefined while it has not been told anything. */
  said: HttpReply | Refusal | undefined
}

/** What idempotency keys were used for. */
export interface IdempotencyLedger {
  /** Runs a write once per key: what it was told is told again, refusals too; a key used for another request is refused. */
  run(key: string, fingerprint: string, write: () => HttpReply): HttpReply
}

/** Creates the ledger. Keys are forgotten after 24 hours: the contract promises no more. */
export function createLedger(now: () => number): IdempotencyLedger {
  const entries = new Map<string, Entry>()

  function expire(): void {
    for (const [key, { at }] of entries) {
      if (now() - at <= limits.idempotencyHours * 3_600_000) return
      entries.delete(key)
    }
  }

  return {
    run(key, fingerprint, write) {
      expire()
      const known = entries.get(key)
      if (known !== undefined && known.fingerprint !== fingerprint) {
        refuseAt('idempotency-mismatch', 'idempotency_mismatch', 'header/Idempotency-Key', 'used')
      }
      if (known?.said instanceof Refusal) throw known.said
      if (known?.said !== undefined) return { ...known.said, headers: { ...known.said.headers, 'idempotency-replayed': 'true' } }
      const entry: Entry = known ?? { fingerprint, at: now(), said: undefined }
      entries.set(key, entry)
      try {
        const reply = write()
        entry.said = reply
        return reply
      } catch (error) {
        if (error instanceof Refusal) entry.said = error
        throw error
      }
    },
  }
}

/** A hash of what a write says: the order of members and blanks do not count. Nothing personal can be read from it. */
export function fingerprintOf(method: string, path: string, body: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([method, path, sorted(body)]) ?? '')
    .digest('base64')
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isJsonObject(value)) return value
  return Object.entries(value)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, member]) => ({ key, member: sorted(member) }))
}
