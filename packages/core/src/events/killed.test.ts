import { describe, expect, it } from 'vitest'
import { createMillrace } from '../create-millrace.ts'
import { MillraceError } from '../error.ts'
import type { Store } from '../spec/store.ts'
import { customer, eventWorld, order } from './event-fixture.ts'

const writing = new Set(['ingest', 'raise', 'claim', 'settle', 'putRun', 'putCursor', 'putStates', 'schedule'])

/** A process that ends at its nth writing command, before (or after) that is stored: nothing it does afterwards reaches the store. */
const killedAt = (store: Store, nth: number, after: boolean): Store => {
  let left = nth
  const dead = (): MillraceError => new MillraceError({ code: 'store_worker_died', message: 'The process is gone.', scope: 'destination' })
  return new Proxy(store, {
    get: (target, name, receiver) => {
      const member: unknown = Reflect.get(target, name, receiver)
      if (typeof member !== 'function' || name === 'close') return member
      return async (...args: unknown[]): Promise<unknown> => {
        if (writing.has(String(name))) left -= 1
        if (left < 0 || (left === 0 && !after)) throw dead()
        const result: unknown = await Reflect.apply(member, target, args)
        if (left === 0) {
          left = -1
          throw dead()
        }
        return result
      }
    },
  })
}

const instants = Array.from({ length: 30 }, (_, index) => index + 1).flatMap((nth) => [[nth, false] as const, [nth, true] as const])

/** Six orders are placed, the process that tells of them is killed, and the next one goes on. */
const killed = async (events: 'idempotent' | 'at-most-once', nth: number, after: boolean) => {
  const { shop, crm, store, clock, millrace, at } = eventWorld({ events })
  for (let n = 1; n <= 3; n++) shop.put(customer(`c${n}`))
  at(10)
  await millrace.sync()
  for (let n = 1; n <= 6; n++) shop.put(order(`o${n}`, `c${1 + (n % 3)}`, 20 + n))
  at(30)
  const connections = { crm: { destination: crm } }
  const open = (on: Store) => createMillrace({ sources: { shop }, connections, store: on, clock })
  await open(killedAt(store, nth, after))
    .sync()
    .catch(() => {})
  await store.close()
  at(40)
  const next = open(store)
  await next.sync()
  const sent = Map.groupBy(
    crm.inputs.flat().filter(({ object }) => object === 'event'),
    ({ unit }) => unit,
  )
  return { crm, sent, dead: await next.deadLetters.list() }
}

const placed = Array.from({ length: 6 }, (_, index) => `shop:order.placed:o${index + 1}`)

describe('events of a process that is killed', () => {
  it.each(instants)(
    'are never sent twice where the target takes them at most once, and each one in doubt is listed (command %i, stored: %s)',
    async (nth, after) => {
      const { crm, sent, dead } = await killed('at-most-once', nth, after)
      expect([...sent.values()].every((inputs) => inputs.length === 1)).toBe(true)
      expect(dead.every(({ code }) => code === 'event_outcome_unknown')).toBe(true)
      const told = crm.told().map(({ id }) => id)
      const doubted = dead.map(({ unit }) => unit.replace(/^event:/, ''))
      expect(new Set([...told, ...doubted].filter((id) => id.includes('order.placed')))).toEqual(new Set(placed))
    },
  )

  it.each(instants)('all arrive once where the target tells doubles by their id (command %i, stored: %s)', async (nth, after) => {
    const { crm, dead } = await killed('idempotent', nth, after)
    expect(dead).toEqual([])
    const there = crm.objectsOf('event').map(({ key }) => key)
    expect(there.filter((id) => id.includes('order.placed')).toSorted()).toEqual(placed)
  })
})
