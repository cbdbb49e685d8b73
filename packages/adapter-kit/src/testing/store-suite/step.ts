import type {
  Audited,
  Cause,
  Claimed,
  DeliveryFilter,
  HeldConsentRow,
  IngestPage,
  IngestRecord,
  Raise,
  Settlement,
  Store,
} from '@millrace/core'
import { isMillraceError } from '@millrace/core'

/** What is to become of a claimed row. */
export type SettlementPart = Settlement extends infer Each ? (Each extends Settlement ? Omit<Each, 'did' | 'sending'> : never) : never

/** A page without what only the player knows: token, time and the revisions that the records were compared with. */
export type PagePart = Omit<IngestPage, 'token' | 'now' | 'records'> & {
  records: (Omit<IngestRecord, 'baseRevision'> & { outdated: boolean })[]
}

/** One command of a random sequence. `pick` chooses among the rows in flight, `outdated` and `stale` make a command that must change nothing. */
export type Step =
  | { do: 'ingest'; page: PagePart }
  | { do: 'raise'; raises: Raise[] }
  | { do: 'schedule'; times: { pick: number; at: number | null }[] }
  | { do: 'raise-due'; connection: string }
  | { do: 'claim'; connection: string; limits: Record<string, number> }
  | { do: 'settle'; settlements: { pick: number; stale: boolean; part: SettlementPart }[] }
  | { do: 'hold'; connection: string; rows: HeldConsentRow[]; raises: Raise[]; cursor: string | undefined }
  | { do: 'requeue'; filter: DeliveryFilter; cause: Cause }
  | { do: 'discard'; filter: DeliveryFilter }
  | { do: 'release-held'; connection: string }
  | { do: 'pause'; connection: string }
  | { do: 'resume'; connection: string }
  | { do: 'prune'; before: number; limit: number }
  | { do: 'restart' }
  | { do: 'wait'; ms: number }

/** Plays steps on one store, as an engine would. */
export interface Player {
  /** The command's result, or the code of its error. */
  play(step: Step): Promise<unknown>
}

const audited = (action: Audited['action']): Audited => ({ actor: 'player', action, connection: null, detail: {} })

/** An engine's memory between steps: its token, its clock and the rows that it holds. */
export const playerOf = async (store: Store): Promise<Player> => {
  let token = await store.acquire('player')
  let now = 1000
  let inFlight: Claimed[] = []

  const ingest = async (page: PagePart): Promise<unknown> => {
    const heads = await store.heads(page.records.map(({ entity, id }) => ({ source: page.source, entity, id })))
    const records = page.records.map(({ outdated, ...record }, index) => ({
      ...record,
      baseRevision: (heads[index]?.revision ?? 0) + Number(outdated),
    }))
    return store.ingest({ ...page, records, token, now })
  }

  const settle = (settlements: Extract<Step, { do: 'settle' }>['settlements']): Promise<void> =>
    store.settle(
      token,
      'run',
      settlements.flatMap(({ pick, stale, part }) => {
        const row = inFlight[pick % inFlight.length]
        return row === undefined ? [] : [{ ...part, did: row.did, sending: row.sending + Number(stale) }]
      }),
      now,
    )

  const run = async (step: Step): Promise<unknown> => {
    switch (step.do) {
      case 'ingest':
        return ingest(step.page)
      case 'raise':
        return store.raise(token, step.raises, now)
      case 'schedule':
        return store.schedule(
          token,
          step.times.flatMap(({ pick, at }) => {
            const row = inFlight[pick % inFlight.length]
            return row === undefined ? [] : [{ did: row.did, at }]
          }),
        )
      case 'raise-due':
        return store.raiseDue(token, step.connection, now)
      case 'claim': {
        const claimed = await store.claim({ token, connection: step.connection, limits: step.limits, now })
        inFlight = [...claimed, ...inFlight].slice(0, 12)
        return claimed
      }
      case 'settle':
        return settle(step.settlements)
      case 'hold': {
        const { connection, rows, raises, cursor } = step
        return store.putHeldConsent(token, connection, { rows, raises, ...(cursor === undefined ? {} : { cursor }) }, now)
      }
      case 'requeue':
        return store.requeue(token, step.filter, step.cause, now, audited('replay'))
      case 'discard':
        return store.discard(token, step.filter, now, audited('discard'))
      case 'release-held':
        return store.releaseHeld(token, step.connection, now)
      case 'pause':
        return store.pause({ connection: step.connection, since: now, actor: 'player', reason: null }, audited('pause'))
      case 'resume':
        return store.resume(step.connection, now, audited('resume'))
      case 'prune': {
        const { before, limit } = step
        return store.prune({ journal: before, exchanges: before, runs: before, counts: before, events: before, held: before }, limit)
      }
      case 'restart': {
        const former = token
        await store.release(token)
        token = await store.acquire('player')
        return store.settle(former, null, [], now)
      }
      case 'wait':
        now += step.ms
        return now
    }
  }

  return {
    play: async (step) => {
      now += 1
      try {
        return await run(step)
      } catch (error) {
        if (isMillraceError(error)) return error.code
        throw error
      }
    },
  }
}
