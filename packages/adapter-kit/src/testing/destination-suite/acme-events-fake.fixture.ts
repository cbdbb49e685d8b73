import { startFaultServer } from '../fault-server.ts'
import type { ReceivedRequest } from '../fault.ts'
import type { DestinationFake } from './fake.ts'

interface Told {
  id: string
  title?: string
}

const maximum = 50

/** A vendor of events: signals are taken as often as they come, notes once per id. One bad event refuses its whole batch. */
export async function startAcmeEvents(): Promise<DestinationFake> {
  const signals: Told[] = []
  const notes = new Map<string, Told>()

  function take(events: readonly Told[], keep: (event: Told) => void): { status: number; body: unknown } {
    if (events.length > maximum) return { status: 413, body: { code: 'too_many' } }
    if (events.some(({ title = '' }) => title.length > 40)) return { status: 422, body: { code: 'title_too_long' } }
    for (const event of events) keep(event)
    return { status: 200, body: { results: events.map(({ id }) => ({ id })).toReversed() } }
  }

  function answer({ method, path, headers, text }: ReceivedRequest): { status: number; body: unknown } {
    if (headers.authorization !== 'Bearer acme-key') return { status: 401, body: {} }
    if (method === 'POST' && path === '/signals') return take(JSON.parse(text).events, (event) => signals.push(event))
    if (method === 'POST' && path === '/notes') return take(JSON.parse(text).events, (event) => notes.set(event.id, event))
    return { status: 404, body: {} }
  }

  const server = await startFaultServer({ target: answer })
  return {
    url: server.url,
    sample: (_, n) => ({ fields: { title: `A Shirt Number ${n}` } }),
    poison: (input) => ({ ...input, fields: { ...input.fields, title: 'x'.repeat(41) } }),
    count: (object) => (object === 'signal' ? signals.length : notes.size),
    keyOf: () => undefined,
    close: () => server.close(),
  }
}
