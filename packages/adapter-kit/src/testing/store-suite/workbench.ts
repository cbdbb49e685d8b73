import type { Claimed, Delivery, IngestPage, IngestRecord, IngestResult, Raise, Store } from '@millrace/core'
import { deepEqual, ok } from 'node:assert/strict'
import type { SettlementPart } from './step.ts'

/** A store with its lease taken, and short words for what the cases do with it. Time starts at 1000. */
export interface Workbench {
  store: Store
  token: string
  ingest(page: Partial<IngestPage>): Promise<IngestResult>
  /** Raises persons of the connection `crm`, unless told otherwise. */
  raise(raises: (Partial<Raise> & { unit: string })[], now?: number): Promise<number>
  claim(limits?: Record<string, number>, now?: number): Promise<Claimed[]>
  settle(claimed: Claimed, part: SettlementPart, now?: number): Promise<void>
  /** Raises a person, claims it alone and settles it. */
  deliver(unit: string, part: SettlementPart, over?: Partial<Raise>): Promise<void>
  row(unit: string, object?: string): Promise<Delivery>
}

/** A case of the suite. */
export interface StoreCase {
  title: string
  run(bench: Workbench): Promise<void>
}

/** A customer that is stored for the first time. */
export const customer = (id: string, over: Partial<IngestRecord> = {}): IngestRecord => ({
  id,
  entity: 'customer',
  baseRevision: 0,
  version: { customer: 1 },
  modifiedAt: 1,
  contentHash: `hash of ${id}`,
  body: `{"id":"${id}"}`,
  ...over,
})

/** Something that went wrong with a record. */
export const problem: { code: string; message: string } = { code: 'invalid_field', message: 'The field is wrong.' }

/** A successful first delivery. */
export const created = (remoteId: string): SettlementPart => ({
  to: 'settled',
  result: 'created',
  remoteId,
  fingerprint: `print of ${remoteId}`,
})

/** Takes the lease of an empty store. */
export const openWorkbench = async (store: Store): Promise<Workbench> => {
  const token = await store.acquire('store suite')
  const raise: Workbench['raise'] = (raises, now = 1000) =>
    store.raise(
      token,
      raises.map((each) => ({ connection: 'crm', object: 'contact', kind: 'person', cause: 'delta', priority: 2, ...each })),
      now,
    )
  const settle: Workbench['settle'] = (claimed, part, now = 1000) =>
    store.settle(token, 'run', [{ ...part, did: claimed.did, sending: claimed.sending }], now)
  return {
    store,
    token,
    ingest: (page) =>
      store.ingest({
        token,
        source: 'shop',
        records: [],
        aliases: [],
        joins: [],
        members: [],
        raises: [],
        rejected: [],
        now: 1000,
        ...page,
      }),
    raise,
    claim: (limits = { contact: 100, deal: 100, consent: 100 }, now = 1000) => store.claim({ token, connection: 'crm', limits, now }),
    settle,
    deliver: async (unit, part, over = {}) => {
      const object = over.object ?? 'contact'
      await raise([{ unit, ...over }])
      const claimed = await store.claim({ token, connection: 'crm', limits: { [object]: 1000 }, now: 1000 })
      const own = claimed.find((row) => row.unit === unit)
      ok(own, `${unit} was not claimed`)
      deepEqual(claimed.length, 1, 'deliver needs a workbench on which nothing else is ready')
      await settle(own, part)
    },
    row: async (unit, object = 'contact') => {
      const [row] = await store.deliveries({ connection: 'crm', object, unit }, { afterDid: 0, limit: 1 })
      ok(row, `there is no row of ${unit}`)
      return row
    },
  }
}

/** Asserts that a promise is rejected with an error of this code. */
export const rejectsWith = async (promise: Promise<unknown>, code: string): Promise<void> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  deepEqual(typeof error === 'object' && error !== null && 'code' in error ? error.code : error, code)
}
