import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMillrace } from '../create-millrace.ts'
import { customer, jumpingClock, minute, start } from '../events/event-fixture.ts'
import type { EventInput } from '../model/event.ts'
import type { Collected, Collector, VisitorIdentity } from '../spec/collect.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../testing/index.ts'

/** Believes everything. */
const collector: Collector = {
  specificationVersion: 'v1',
  name: 'believing',
  handle: async (request, { keep }) => {
    await keep((await request.json()) as Collected)
    return new Response(null, { status: 204 })
  },
}

const viewed = (id: string, subject: EventInput['subject']): EventInput => ({
  id: `view-${id}`,
  type: 'product.viewed',
  occurredAt: minute(20),
  subject,
})

/** A store on which a web process takes what comes and another process has the engine. */
const twoProcesses = async () => {
  const shop = scriptedSource({ now: start })
  const crm = recordingDestination({ events: 'at-most-once' })
  const store = memoryStore()
  const clock = jumpingClock()
  const connections = { crm: { destination: crm, contract: { events: { 'account.created': false } } } } as const
  const open = () => createMillrace({ sources: { shop }, connections, collect: { shop: { collector } }, store, clock })
  for (const id of ['ada', 'bob']) shop.put(customer(id))
  const engine = open()
  const web = open()
  clock.set(10)
  shop.setNow(start + 10 * 60_000)
  await engine.sync()
  clock.set(30)
  const tell = async (events: readonly EventInput[], identities: readonly VisitorIdentity[] = []): Promise<number> =>
    (
      await web.collect.handle(
        new Request('http://localhost/collect/shop', { method: 'POST', body: JSON.stringify({ events, identities }) }),
      )
    ).status
  const told = (): string[] => {
    const people = new Map(crm.objectsOf('contact').map(({ remoteId, key }) => [remoteId, key.replace('shop:', '')]))
    return crm
      .objectsOf('event')
      .map(({ key, parents }) => `${people.get(parents[0] ?? '') ?? '?'} ${key.replace('shop:view-', '')}`)
      .toSorted()
  }
  return { shop, crm, store, clock, engine, web, tell, told }
}

describe('what a collect endpoint kept beside the engine of another process', () => {
  it('is told by the next pass, whatever kind of pass that is', async () => {
    const { engine, tell, told, store } = await twoProcesses()
    const token = await store.acquire('another process')
    expect(await tell([viewed('1', { customerId: 'ada' })])).toBe(204)
    await store.release(token)
    expect(await engine.notifications.isDue()).toBe(true)
    await engine.notifications.process()
    expect(await tell([viewed('2', { customerId: 'ada' })])).toBe(204)
    await engine.sync({ entity: [] })
    expect(told()).toEqual(['ada 1', 'ada 2'])
    expect(await engine.notifications.isDue()).toBe(false)
  })

  it('is told of whom it would be told, and once, had each call been taken in by itself', async () => {
    const visitor = fc.constantFrom('v', 'w')
    const person = fc.constantFrom('ada', 'bob')
    const step = fc.record({ visitor, id: fc.nat(6), person: fc.option(person), introduces: fc.option(fc.record({ visitor, person })) })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const together = await twoProcesses()
        const apart = await twoProcesses()
        for (const { visitor: anonymousId, id, person: customerId, introduces } of steps) {
          const own = `${anonymousId}${customerId ?? ''}${id}`
          const events = [viewed(own, customerId === null ? { anonymousId } : { anonymousId, customerId })]
          const identities = introduces === null ? [] : [{ anonymousId: introduces.visitor, customerId: introduces.person }]
          expect(await together.tell(events, identities)).toBe(204)
          await apart.engine.track('shop', events, identities)
        }
        await together.engine.sync()
        await apart.engine.sync()
        expect(together.told()).toEqual(apart.told())
      }),
      { numRuns: 60 },
    )
  })

  it('is refused as a whole when something is wrong with it', async () => {
    const { tell, store } = await twoProcesses()
    expect(await tell([viewed('1', { customerId: 'ada' }), { ...viewed('2', {}), occurredAt: 'yesterday' }])).toBe(503)
    expect(await store.noticeCounts()).toEqual([])
  })

  it('is nothing any more when its person is erased, before it was taken in or after', async () => {
    const { engine, tell, told, store } = await twoProcesses()
    await tell([viewed('1', { anonymousId: 'v' })], [{ anonymousId: 'v', customerId: 'ada' }])
    await engine.erase({ source: 'shop', id: 'ada' })
    expect(await store.noticeCounts()).toEqual([])
    expect((await store.events([{ source: 'shop', id: 'view-1' }]))[0]).toMatchObject({ body: null, subject: null })
    await tell([viewed('2', { customerId: 'ada' })])
    await engine.sync()
    expect(await store.events([{ source: 'shop', id: 'view-2' }])).toEqual([undefined])
    expect(told()).toEqual([])
  })

  it('waits for a person where its source is in the config no more', async () => {
    const { engine, store, clock, tell, told } = await twoProcesses()
    await tell([viewed('1', { customerId: 'ada' })])
    const sources = { other: scriptedSource({ now: start }) }
    const other = createMillrace({ sources, connections: { crm: { destination: recordingDestination() } }, store, clock })
    await other.sync()
    expect(await other.notifications.dead()).toMatchObject([{ source: 'shop', code: 'source_unknown' }])
    await other.close()
    await engine.notifications.replay()
    await engine.sync()
    expect(told()).toEqual(['ada 1'])
  })

  it('holds up no notification: however much of it waits, what was announced is fetched with the same pass', async () => {
    const { engine, tell, store, shop, crm } = await twoProcesses()
    for (let call = 0; call < 1_100; call += 1) await tell([viewed(String(call), { anonymousId: 'v' })])
    shop.put(customer('cleo', 25))
    await store.receive(
      [{ source: 'shop', key: 'customer:cleo', version: 1, at: 0, data: { entity: 'customer', id: 'cleo' } }],
      start + 30 * 60_000,
    )
    await engine.notifications.process()
    expect(crm.objectsOf('contact').map(({ key }) => key)).toContain('shop:cleo')
    expect((await store.noticeCounts())[0]?.waiting).toBe(100)
  })
})
