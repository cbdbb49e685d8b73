import { ReadableStream } from 'node:stream/web'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MillraceConfig } from '../api/config.ts'
import { createMillrace } from '../create-millrace.ts'
import { MillraceError } from '../error.ts'
import { customerSchema, type Customer } from '../model/customer.ts'
import type { NotificationTransport, Received } from '../spec/notification.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../testing/index.ts'
import { maxBodyBytes } from './read-body.ts'

const at = (day: number): string => new Date(Date.UTC(2026, 4, day)).toISOString()
const customer = (id: string, lastName: string, day = 1): Customer =>
  customerSchema.parse({ entity: 'customer', id, createdAt: at(1), modifiedAt: at(day), email: `${id}@example.com`, lastName })

/** A list of payloads as JSON, from a sender who knows the word. */
const transport: NotificationTransport = {
  specificationVersion: 'v1',
  name: 'plain',
  async open({ headers, body }) {
    if (headers['x-word'] !== 'open sesame') throw new MillraceError({ code: 'notification_unauthorized', message: 'no' })
    try {
      return { payloads: JSON.parse(Buffer.from(await body()).toString('utf8')) }
    } catch (thrown) {
      if (thrown instanceof MillraceError) throw thrown
      throw new MillraceError({ code: 'notification_malformed', message: 'not JSON' })
    }
  },
}

const world = (over: Partial<MillraceConfig> = {}) => {
  const shop = scriptedSource({ now: Date.parse(at(1)) })
  const crm = recordingDestination()
  const store = memoryStore()
  const millrace = createMillrace({
    sources: { shop },
    connections: { crm: { destination: crm } },
    notifications: { shop: { transport } },
    store,
    ...over,
  })
  const post = async (
    payloads: unknown,
    init: { path?: string; word?: string; method?: string; duplex?: 'half'; body?: ReadableStream } = {},
  ): Promise<number> => {
    const { path = '/hooks/shop', word = 'open sesame', ...rest } = init
    const body = typeof payloads === 'string' ? payloads : JSON.stringify(payloads)
    const request = new Request(`http://localhost${path}`, { method: 'POST', headers: { 'x-word': word }, body, ...rest })
    return (await millrace.notifications.handle(request)).status
  }
  const names = (): unknown[] =>
    crm
      .objectsOf('contact')
      .map(({ fields }) => fields['name'])
      .toSorted()
  return { shop, crm, store, millrace, post, names }
}

const waiting = async (millrace: ReturnType<typeof world>['millrace']) => (await millrace.status()).notifications['shop']

describe('a notification', () => {
  it('is acknowledged when it is kept, fetched with the next pass and delivered as the source has it then', async () => {
    const { shop, millrace, post, names } = world()
    shop.put(customer('c1', 'Early'))
    expect(await post([{ entity: 'customer', id: 'c1', version: 1, lastName: 'what the sender claims' }])).toBe(204)
    expect(await waiting(millrace)).toMatchObject({ waiting: 1, dead: 0 })
    shop.put(customer('c1', 'Late', 2))
    const report = await millrace.notifications.process()
    expect(report.sources['shop']?.customer).toEqual({ read: 1, changed: 1, rejected: 0 })
    expect(names()).toEqual(['Late'])
    expect(await waiting(millrace)).toBeUndefined()
  })

  it('is kept beside an engine of another process, and survives it', async () => {
    const { shop, store, crm, post } = world()
    const token = await store.acquire('another engine')
    shop.put(customer('c1', 'Kept'))
    expect(await post([{ entity: 'customer', id: 'c1' }])).toBe(204)
    await store.release(token)
    const second = createMillrace({ sources: { shop }, connections: { crm: { destination: crm } }, store })
    await second.notifications.process()
    expect(crm.objectsOf('contact')).toHaveLength(1)
  })

  it('that arrives again while it is fetched is fetched again', async () => {
    const { shop, millrace, post, names } = world()
    shop.put(customer('c1', 'First'))
    const fetch = shop.fetch?.bind(shop)
    let once = true
    shop.fetch = async (notices, ctx) => {
      const found = (await fetch?.(notices, ctx)) ?? []
      if (once) {
        once = false
        shop.put(customer('c1', 'Second', 2))
        await post([{ entity: 'customer', id: 'c1', version: 2 }])
      }
      return found
    }
    await post([{ entity: 'customer', id: 'c1', version: 1 }])
    await millrace.notifications.process()
    expect(await waiting(millrace)).toMatchObject({ waiting: 1 })
    await millrace.notifications.process()
    expect(names()).toEqual(['Second'])
    expect(await waiting(millrace)).toBeUndefined()
  })

  it('whose record cannot be fetched is tried again, holds up no other, and is dead when nothing mends it', async () => {
    const { shop, millrace, post, names } = world()
    shop.put(customer('good', 'Good'))
    const fetch = shop.fetch?.bind(shop)
    let error = new MillraceError({ code: 'busy', message: 'Come back.', retryable: true })
    shop.fetch = async (notices, ctx) =>
      ((await fetch?.(notices, ctx)) ?? []).map((found) => (found.key === 'customer:bad' ? { key: found.key, error } : found))
    await post([
      { entity: 'customer', id: 'bad' },
      { entity: 'customer', id: 'good' },
    ])
    await millrace.notifications.process()
    expect(names()).toEqual(['Good'])
    expect(await waiting(millrace)).toMatchObject({ waiting: 1, dead: 0 })
    error = new MillraceError({ code: 'forbidden', message: 'Never.' })
    await post([{ entity: 'customer', id: 'bad' }])
    await millrace.notifications.process()
    expect(await millrace.notifications.dead()).toMatchObject([{ source: 'shop', key: 'customer:bad', code: 'forbidden', attempts: 1 }])
    if (fetch !== undefined) shop.fetch = fetch
    shop.put(customer('bad', 'Mended'))
    expect(await millrace.notifications.replay({ source: 'shop' })).toBe(1)
    await millrace.notifications.process()
    expect(names()).toEqual(['Good', 'Mended'])
  })

  it('that nobody understands is kept as dead and does not hold up the others of its batch', async () => {
    const { shop, millrace, post, names } = world()
    shop.put(customer('c1', 'Fine'))
    expect(await post([{ what: 'is this' }, { entity: 'subscription', id: 'test' }, { entity: 'customer', id: 'c1' }, null])).toBe(204)
    await millrace.notifications.process()
    expect(names()).toEqual(['Fine'])
    expect(await millrace.notifications.dead()).toMatchObject([{ code: 'notification_invalid' }, { code: 'notification_invalid' }])
    expect(await millrace.notifications.discard()).toBe(2)
    expect((await millrace.auditLog(1))[0]).toMatchObject({ action: 'discard', count: 2, detail: { notifications: true } })
  })

  it('comes to the same end as the poll, once, in whatever order, however often', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c'), act: fc.constantFrom('edit', 'notify', 'process', 'poll', 'push') }), {
          maxLength: 25,
        }),
        async (steps) => {
          const { shop, crm, millrace, post, names } = world()
          const latest = new Map<string, string>()
          let day = 1
          for (const { id, act } of steps) {
            day += 1
            shop.setNow(Date.parse(at(day)))
            if (act === 'edit') {
              shop.put(customer(id, `${id}${day}`, day))
              latest.set(id, `${id}${day}`)
            }
            if (act === 'notify') await post([{ entity: 'customer', id, version: day % 3 }])
            if (act === 'process') await millrace.notifications.process()
            if (act === 'poll') await millrace.sync()
            if (act === 'push' && latest.has(id)) await millrace.push({ source: 'shop', entity: 'customer', id })
          }
          await millrace.notifications.process()
          await millrace.sync()
          expect(names()).toEqual([...latest.values()].toSorted())
          const sent = crm.inputs.flat().map(({ unit, fields }) => `${unit} ${String(fields['name'])}`)
          expect(new Set(sent).size).toBe(sent.length)
        },
      ),
      { numRuns: 40 },
    )
  })
})

describe('the endpoint', () => {
  it.each([
    ['a stranger', {}, { word: 'guess' }, 401],
    ['what is not in the form of its transport', '[', {}, 400],
    ['a body beyond the limit', 'x'.repeat(maxBodyBytes + 1), {}, 413],
    ['a path that is no endpoint', [], { path: '/hooks/other' }, 404],
    ['a path that only begins like one', [], { path: '/hooks/shop/more' }, 404],
    ['another method', [], { method: 'PUT' }, 405],
  ])('refuses %s, says nothing more and keeps nothing', async (_, payloads, init, status) => {
    const { millrace, post } = world()
    expect(await post(payloads, init)).toBe(status)
    expect((await millrace.status()).notifications).toEqual({})
  })

  it('does not read a body beyond the limit to its end, also when its length was not announced', async () => {
    const { post } = world()
    let pulled = 0
    const endless = new ReadableStream({
      pull(controller) {
        pulled += 1
        controller.enqueue(new Uint8Array(64 * 1024))
      },
    })
    expect(await post('', { body: endless, duplex: 'half' })).toBe(413)
    expect(pulled).toBeLessThan(20)
  })

  it('asks for a repetition when it cannot keep what it was told', async () => {
    const store = memoryStore()
    const { post } = world({ store: { ...store, receive: () => Promise.reject(new Error('disk full')) } })
    expect(await post([{ entity: 'customer', id: 'c1' }])).toBe(503)
  })

  it('asks for a repetition when Millrace is closed', async () => {
    const { millrace, post } = world()
    await millrace.close()
    expect(await post([])).toBe(503)
  })

  it.each([
    ['a source that is not there', { shop: { source: 'else', transport } }, /notifications\.shop\.source: there is no source named else/],
    ['a name that no path can have', { 'a/b': { transport } }, /notifications\.a\/b: this cannot be a name/],
    ['what is no transport', { shop: { transport: {} as NotificationTransport } }, /notifications\.shop\.transport: is not a transport/],
  ])('is refused when the config names %s', (_, notifications, message) => {
    expect(() => world({ notifications })).toThrow(message)
  })
})

describe('a queue', () => {
  it('is acknowledged after its notifications are kept, and opened again when it breaks', async () => {
    const stop = new AbortController()
    const told: string[] = []
    const store = memoryStore()
    let opened = 0
    const queue: NotificationTransport = {
      specificationVersion: 'v1',
      name: 'queue',
      async *receive(): AsyncGenerator<Received> {
        opened += 1
        if (opened === 2) throw new Error('the line is cut')
        const acknowledge = async (): Promise<void> => {
          told.push(`acknowledged ${(await store.noticeCounts())[0]?.waiting ?? 0}`)
          if (opened === 3) stop.abort()
        }
        yield { payloads: [{ entity: 'customer', id: `c${opened}` }], acknowledge }
      },
    }
    const { millrace } = world({ store, notifications: { shop: { transport: queue } } })
    millrace.on('notifications.received', ({ count }) => told.push(`kept ${count}`))
    await millrace.notifications.pull({ signal: stop.signal })
    expect(told).toEqual(['kept 1', 'acknowledged 1', 'kept 1', 'acknowledged 2'])
  })
})
