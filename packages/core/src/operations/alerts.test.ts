import { describe, expect, it } from 'vitest'
import type { Alert } from '../api/report.ts'
import type { Clock } from '../clock.ts'
import { createMillrace } from '../create-millrace.ts'
import { MillraceError } from '../error.ts'
import { customerSchema } from '../model/customer.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../testing/index.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const start = Date.parse('2026-06-01T10:00:00.000Z')

const handClock = (): Clock & { move(ms: number): void } => {
  let now = start
  return { move: (ms) => void (now += ms), sleep: async (ms) => void (now += ms), now: () => now, monotonic: () => now }
}

const world = (mark: () => string = () => 'mark') => {
  const shop = scriptedSource({ now: start })
  const crm = recordingDestination()
  crm.credentialMark = async () => mark()
  const store = memoryStore()
  const clock = handClock()
  let made = 0
  const put = (count: number, agoMs = 0): void => {
    shop.setNow(clock.now())
    for (let i = 0; i < count; i++) {
      const stamp = new Date(clock.now() - agoMs).toISOString()
      made += 1
      shop.put(
        customerSchema.parse({ entity: 'customer', id: `c${made}`, createdAt: stamp, modifiedAt: stamp, email: `c${made}@example.com` }),
      )
    }
  }
  const told: string[] = []
  const open = () => {
    const millrace = createMillrace({ sources: { shop }, connections: { crm: { destination: crm } }, store, clock })
    const say = (what: string) => (alert: Alert) => void told.push(`${what} ${alert.kind}${alert.code === null ? '' : ` ${alert.code}`}`)
    millrace.on('alert.raised', say('raised'))
    millrace.on('alert.resolved', say('resolved'))
    return millrace
  }
  const refuse = (code: string): void => {
    crm.intercept = ({ unit }) => ({ unit, result: 'failed', error: new MillraceError({ code, message: 'Refused.' }) })
  }
  return { shop, crm, store, clock, put, told, open, refuse }
}

describe('a spike of failures', () => {
  it('is told once an hour for each code while it lasts, also by new processes, and when it is over', async () => {
    const { clock, put, told, open, refuse, crm } = world()
    refuse('value_rejected')
    put(11)
    await open().sync()
    expect(told).toEqual(['raised failure-spike value_rejected', 'raised error-budget'])
    for (let i = 0; i < 5; i++) {
      clock.move(10 * minute)
      put(12)
      await open().sync()
    }
    expect(told).toHaveLength(2)
    clock.move(10 * minute)
    put(12)
    await open().sync()
    expect(told.slice(2)).toEqual(['raised failure-spike value_rejected', 'raised error-budget'])
    crm.intercept = () => undefined
    clock.move(20 * minute)
    const last = open()
    await last.watch()
    expect(told.slice(4)).toEqual(['resolved failure-spike value_rejected'])
    expect((await last.status()).connections['crm']?.alerts.map(({ kind }) => kind)).toEqual(['error-budget'])
    expect((await last.status()).connections['crm']?.today).toMatchObject({ delivered: 0, failed: 83, met: false })
    clock.move(day)
    await last.watch()
    expect(told.slice(5)).toEqual(['resolved error-budget'])
  })

  it('is none where so many fail every day', async () => {
    const { clock, put, told, open, refuse } = world()
    refuse('value_rejected')
    const millrace = open()
    for (let i = 0; i < 100; i++) {
      put(8)
      await millrace.sync()
      clock.move(15 * minute)
    }
    put(20)
    await millrace.sync()
    expect(told.filter((line) => line.includes('failure-spike'))).toEqual([])
    put(30)
    clock.move(minute)
    await millrace.sync()
    expect(told.filter((line) => line.includes('failure-spike'))).toEqual(['raised failure-spike value_rejected'])
  })
})

describe('freshness', () => {
  it("is measured from the source's own stamp to the vendor's answer, by class; a backfill is not late", async () => {
    const { clock, put, told, open } = world()
    put(30, 3 * day)
    const millrace = open()
    await millrace.backfill()
    expect((await millrace.status({ last: 1000 })).freshness?.connections['crm']).toEqual({})
    clock.move(10 * minute)
    put(98, 2 * minute)
    await millrace.sync()
    clock.move(40 * minute)
    put(2)
    clock.move(35 * minute)
    await millrace.sync()
    const measured = (await millrace.status({ last: 1000 })).freshness?.connections['crm']?.record
    expect(measured).toMatchObject({ count: 100, targetMs: 30 * minute, inTime: 0.98, met: true, p50Ms: 2 * minute, maxMs: 35 * minute })
    expect((await millrace.status({ last: 50 })).freshness?.connections['crm']?.record).toMatchObject({ count: 50, met: false })
    expect(told).toEqual([])
    put(1)
    clock.move(31 * minute)
    await millrace.sync()
    expect(told).toEqual(['raised freshness record'])
  })

  it('counts a change that waited for a retry or behind another from its own stamp', async () => {
    const { clock, put, open, crm } = world()
    const millrace = open()
    put(1)
    await millrace.sync()
    clock.move(hour)
    put(1)
    let failures = 3
    crm.intercept = ({ unit }) => {
      failures -= 1
      return failures < 0
        ? undefined
        : { unit, result: 'failed', error: new MillraceError({ code: 'busy', message: 'Later.', retryable: true }) }
    }
    clock.move(4 * minute)
    const before = clock.now()
    await millrace.sync()
    const measured = (await millrace.status({ last: 1 })).freshness?.connections['crm']?.record
    expect(measured?.maxMs).toBe(4 * minute + (clock.now() - before))
  })
})

describe('check', () => {
  it('says which classes a schedule cannot meet', async () => {
    const { open } = world()
    const codes = async (intervals: object) =>
      ((await open().check({ intervals })).connections['crm'] ?? [])
        .filter(({ code }) => code === 'schedule_too_slow')
        .map(({ message }) => message.split(' must')[0])
    expect(await codes({ sync: 10 * minute, reconcile: day })).toEqual([])
    expect(await codes({ sync: 20 * minute, reconcile: day })).toEqual(['What is of the class post-purchase'])
    expect(await codes({ sync: hour, notifications: 1000, reconcile: 2 * day })).toEqual(['What is of the class reconciliation'])
    expect(await codes({})).toHaveLength(2)
  })

  it('warns of a credential that is in use for more than 90 days, and keeps nothing by which it could be found', async () => {
    let secret = 'mark of the first'
    const { clock, store, told, open } = world(() => secret)
    await open().check()
    clock.move(90 * day)
    expect((await open().check()).connections['crm']).toEqual([])
    clock.move(day)
    expect((await open().check()).connections['crm']).toMatchObject([
      { level: 'warning', code: 'credential_old', message: expect.stringContaining('91 days') },
    ])
    await open().watch()
    expect(told).toEqual(['raised credential-age'])
    secret = 'mark of the second'
    expect((await open().check()).connections['crm']).toEqual([])
    await open().watch()
    expect(told).toEqual(['raised credential-age', 'resolved credential-age'])
    const states = await store.states()
    expect(states.filter(({ kind }) => kind === 'credential')).toMatchObject([{ value: { mark: 'mark of the second' } }])
    expect(states.filter(({ kind }) => kind === 'seal')).toHaveLength(1)
  })
})

describe('old history', () => {
  it('goes with the passes, a little each time, and all of it when asked; links and dead letters stay', async () => {
    const { clock, put, open, store, refuse, crm } = world()
    const millrace = open()
    put(200)
    await millrace.sync()
    refuse('value_rejected')
    put(1)
    clock.move(minute)
    await millrace.sync()
    crm.intercept = () => undefined
    clock.move(91 * day)
    expect(await millrace.prune()).toMatchObject({ finished: true })
    expect(await store.journal({ limit: 1000 })).toEqual([])
    expect(await store.runs(10)).toEqual([])
    expect(await millrace.deadLetters.list()).toHaveLength(1)
    crm.inputs.length = 0
    await millrace.backfill()
    expect(crm.inputs.flat().map(({ unit }) => unit)).toEqual([])
  })
})
