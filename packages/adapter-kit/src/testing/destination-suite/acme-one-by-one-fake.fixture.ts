import { startFaultServer } from '../fault-server.ts'
import type { FaultServerReply } from '../fault-server.ts'
import type { ReceivedRequest } from '../fault.ts'
import { scaledClock } from '../scaled-clock.ts'
import type { DestinationFake } from './fake.ts'

interface Person {
  id: string
  key: string
  email: string
  name: string
}

const perSecond = 20

/** A strict little vendor: one upsert by key per call, answered without a body, and no more than 20 calls a second by the suite's clock. */
export async function startAcmeOneByOne(): Promise<DestinationFake> {
  const people = new Map<string, Person>()
  const clock = scaledClock(10)
  let calls: number[] = []
  let last = 0

  /** The path names the person as they are known; another key in the body renames them. */
  function put(at: string, { key = at, email, name }: Partial<Person>): FaultServerReply {
    if (email === undefined || !/^[^@\s]+@[^@\s]+$/.test(email)) return { status: 422, body: { code: 'invalid_email' } }
    const known = people.get(at)
    if (key !== at && people.has(key)) return { status: 409, body: { code: 'key_taken' } }
    people.delete(at)
    people.set(key, { id: known?.id ?? String((last += 1)), key, email, name: name ?? '' })
    return { status: known === undefined ? 201 : 204 }
  }

  function answer({ method, path, headers, text }: ReceivedRequest): FaultServerReply {
    if (headers['api-key'] !== 'acme-key') return { status: 401, body: {} }
    const now = clock.now()
    calls = calls.filter((at) => at > now - 1_000)
    if (calls.length >= perSecond) return { status: 429, headers: { 'retry-after': '1' }, body: {} }
    calls.push(now)
    const key = decodeURIComponent(path.replace('/people/', ''))
    if (method === 'PUT') return put(key, JSON.parse(text))
    if (method === 'DELETE') return people.delete(key) ? { status: 204 } : { status: 404, body: { code: 'unknown' } }
    const person = people.get(key)
    return person === undefined ? { status: 404, body: { code: 'unknown' } } : { status: 200, body: person }
  }

  const server = await startFaultServer({ target: answer })
  return {
    url: server.url,
    sample: (_, n) => ({ fields: { email: `Person.${n}@Example.com`, name: `Person Number ${n}` } }),
    poison: (input) => ({ ...input, fields: { ...input.fields, email: `nowhere ${input.key}` } }),
    count: () => people.size,
    keyOf: (_, remoteId) => [...people.values()].find(({ id }) => id === remoteId)?.key,
    fieldsOf: (_, remoteId) => {
      const held = [...people.values()].find(({ id }) => id === remoteId)
      return held && { email: held.email, name: held.name }
    },
    close: () => server.close(),
  }
}
