import { startFaultServer, type DestinationFake, type FaultServerReply, type ReceivedRequest } from '@millrace/adapter-kit/testing'

interface Subscriber {
  id: string
  key: string
  email: string
  name: string
}

const maximum = 50

/**
 * A vendor on this machine, as strict as the real one: written from its documentation, and never loosened to make the adapter pass. This one upserts batches by
 * key, refuses a batch whole when one row is bad, folds e-mails and keeps them unique, and answers in an order of its own.
 */
export const startAcme = async (apiKey = 'test'): Promise<DestinationFake> => {
  const subscribers = new Map<string, Subscriber>()
  let last = 0
  const byEmail = (email: string): Subscriber | undefined => [...subscribers.values()].find((one) => one.email === email.toLowerCase())
  const byKey = (key: string): Subscriber | undefined => [...subscribers.values()].find((one) => one.key === key)
  const add = (key: string, email: string, name: string): Subscriber => {
    const made = { id: String((last += 1)), key, email: email.toLowerCase(), name }
    subscribers.set(made.id, made)
    return made
  }

  const upsert = (rows: readonly Partial<Subscriber>[]): FaultServerReply => {
    const keys = rows.map(({ key }) => key)
    if (rows.length > maximum) return { status: 413, body: { code: 'too_many' } }
    if (keys.some((key) => key === undefined || key === '')) return { status: 400, body: { code: 'key_missing' } }
    if (new Set(keys).size !== rows.length) return { status: 400, body: { code: 'duplicate_keys' } }
    const bad = rows.find(({ email = '' }) => !/^[^@\s]+@[^@\s]+$/.test(email))
    if (bad !== undefined) return { status: 422, body: { code: 'invalid_email', message: `${bad.email} of ${bad.name} is no e-mail` } }
    const results = rows.map(({ id, key = '', email = '', name = '' }) => {
      const known = (id === undefined ? undefined : subscribers.get(id)) ?? byKey(key)
      const holder = byEmail(email)
      if (holder !== undefined && holder !== known) return { key, taken: holder.id }
      const one = known ?? add(key, email, name)
      subscribers.set(one.id, { ...one, key, email: email.toLowerCase(), name: name ?? '' })
      return { key, id: one.id, created: known === undefined }
    })
    return { status: 200, body: { results: results.toReversed() } }
  }

  const answer = ({ method, path, query, headers, text }: ReceivedRequest): FaultServerReply => {
    if (headers['authorization'] !== `Bearer ${apiKey}`) return { status: 401, body: { code: 'unauthorized' } }
    if (method === 'POST' && path === '/subscribers/batch') {
      const { subscribers: sent = [] }: { subscribers?: Partial<Subscriber>[] } = JSON.parse(text)
      return upsert(sent)
    }
    if (method === 'DELETE' && path.startsWith('/subscribers/'))
      return subscribers.delete(decodeURIComponent(path.replace('/subscribers/', '')))
        ? { status: 204 }
        : { status: 404, body: { code: 'unknown' } }
    const emails = new URLSearchParams(query).getAll('email')
    if (method === 'GET' && path === '/subscribers')
      return { status: 200, body: { results: emails.flatMap((email) => byEmail(email) ?? []) } }
    return { status: 404, body: { code: 'no_such_route' } }
  }

  const server = await startFaultServer({ target: answer })
  return {
    url: server.url,
    sample: (_object, n) => ({ fields: { email: `Person.${n}@Example.com`, name: `Person Number ${n}` } }),
    poison: (input) => ({ ...input, fields: { ...input.fields, email: `nowhere ${input.key}` } }),
    count: () => subscribers.size,
    keyOf: (_object, remoteId) => subscribers.get(remoteId)?.key,
    fieldsOf: (_object, remoteId) => {
      const held = subscribers.get(remoteId)
      return held && { email: held.email, name: held.name }
    },
    plant: (_object, fields) => add('', String(fields['email']), '').id,
    close: () => server.close(),
  }
}
