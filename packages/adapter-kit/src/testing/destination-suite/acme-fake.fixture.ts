import { startFaultServer } from '../fault-server.ts'
import type { ReceivedRequest } from '../fault.ts'
import type { DestinationFake } from './fake.ts'

interface Subscriber {
  id: string
  key: string
  email: string
  name: string
  tags: string[]
}

const maximum = 50

/** A strict little vendor: batch upsert by key, rejected whole when one row is bad, e-mails unique and folded, answers in an order of its own. */
export async function startAcme(): Promise<DestinationFake> {
  const subscribers = new Map<string, Subscriber>()
  let last = 0
  const byEmail = (email: string): Subscriber | undefined => [...subscribers.values()].find((one) => one.email === email.toLowerCase())
  const byKey = (key: string): Subscriber | undefined => [...subscribers.values()].find((one) => one.key === key)
  const add = (fields: { key: string; email: string; name: string }): Subscriber => {
    const made = { ...fields, email: fields.email.toLowerCase(), id: String((last += 1)), tags: [] }
    subscribers.set(made.id, made)
    return made
  }

  function upsert(rows: Partial<Subscriber>[]): { status: number; body: unknown } {
    const keys = rows.map(({ key }) => key)
    if (rows.length > maximum) return { status: 413, body: { code: 'too_many' } }
    if (new Set(keys).size !== rows.length)
      return { status: 400, body: { code: 'duplicate_keys', message: `duplicate keys ${keys.join()}` } }
    const bad = rows.find(({ email }) => email === undefined || !/^[^@\s]+@[^@\s]+$/.test(email))
    if (bad !== undefined) return { status: 422, body: { code: 'invalid_email', message: `${bad.email} of ${bad.name} is no e-mail` } }
    const results = rows.map(({ id, key = '', email = '', name = '' }) => {
      const known = (id === undefined ? undefined : subscribers.get(id)) ?? byKey(key)
      const holder = byEmail(email)
      if (holder !== undefined && holder !== known) return { key, taken: holder.id }
      const one = known ?? add({ key, email, name })
      subscribers.set(one.id, { ...one, key, email: email.toLowerCase(), name: name ?? '' })
      return { key, id: one.id, created: known === undefined }
    })
    return { status: 200, body: { results: results.toReversed() } }
  }

  function tag(rows: { id: string; add: string[]; remove: string[] }[]): { status: number; body: unknown } {
    const results = rows.map(({ id, add: wanted, remove }) => {
      const one = subscribers.get(id)
      const added = wanted.filter((name) => one?.tags.includes(name) === false)
      if (one !== undefined) one.tags = [...one.tags, ...added].filter((name) => !remove.includes(name))
      return { key: one?.key ?? '', id, added }
    })
    return { status: 200, body: { results } }
  }

  function answer({ method, path, query, headers, text }: ReceivedRequest): { status: number; body: unknown } {
    if (headers.authorization !== 'Bearer acme-key') return { status: 401, body: {} }
    if (method === 'POST' && path === '/subscribers/batch') return upsert(JSON.parse(text).subscribers)
    if (method === 'POST' && path === '/subscribers/tags') return tag(JSON.parse(text).rows)
    if (method === 'DELETE')
      return subscribers.delete(path.replace('/subscribers/', '')) ? { status: 204, body: '' } : { status: 404, body: {} }
    const emails = new URLSearchParams(query).getAll('email')
    if (method === 'GET' && path === '/subscribers')
      return { status: 200, body: { results: emails.flatMap((email) => byEmail(email) ?? []) } }
    return { status: 404, body: {} }
  }

  const server = await startFaultServer({ target: answer })
  return {
    url: server.url,
    sample: (_, n) => ({ fields: { email: `Person.${n}@Example.com`, name: `Person Number ${n}` } }),
    poison: (input) => ({ ...input, fields: { ...input.fields, email: `nowhere ${input.key}` } }),
    count: () => subscribers.size,
    keyOf: (_, remoteId) => subscribers.get(remoteId)?.key,
    fieldsOf: (_, remoteId) => {
      const held = subscribers.get(remoteId)
      return held && { email: held.email, name: held.name }
    },
    plant: (_, fields) => add({ key: '', email: String(fields.email), name: '' }).id,
    membershipsOf: (_, remoteId) => (subscribers.get(remoteId)?.tags ?? []).map((name) => `tag:${name}`),
    addMembership: (_, remoteId, { name }) => void subscribers.get(remoteId)?.tags.push(name),
    close: () => server.close(),
  }
}
