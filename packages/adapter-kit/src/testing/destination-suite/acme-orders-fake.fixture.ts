import { type FaultServerReply, startFaultServer } from '../fault-server.ts'
import type { ReceivedRequest } from '../fault.ts'
import type { DestinationFake } from './fake.ts'

interface Held {
  id: string
  key: string
  fields: Record<string, string | null>
  lines?: { key: string }[]
}

const digits: Readonly<Record<string, number>> = { EUR: 2, JPY: 0, KWD: 3 }
const page = 40

/** The little vendor of a shop: buyers and purchases, put whole by key, deleted, and listed in pages of forty. Purchases belong to a buyer. */
export async function startAcmeOrders(): Promise<DestinationFake> {
  const shelves: Record<string, Map<string, Held>> = { buyers: new Map(), purchases: new Map() }
  let last = 0

  function put(
    collection: string,
    at: string,
    sent: Held['fields'] & { lines?: { key: string }[]; buyer?: string; key?: string },
  ): FaultServerReply {
    const { lines, key = at, ...fields } = sent
    if (collection === 'purchases') {
      const { total, currency = '', buyer = '' } = fields
      const places = String(total).split('.')[1]?.length ?? 0
      if (!/^\d+(\.\d+)?$/.test(String(total)) || places !== digits[currency ?? ''])
        return { status: 422, body: { code: 'invalid_amount' } }
      if (![...(shelves.buyers?.values() ?? [])].some(({ id }) => id === buyer)) return { status: 422, body: { code: 'no_such_buyer' } }
    } else if (!/^[^@\s]+@[^@\s]+$/.test(fields.email ?? '')) return { status: 422, body: { code: 'invalid_email' } }
    const shelf = shelves[collection]
    const known = shelf?.get(at)
    if (key !== at) shelf?.delete(at)
    const id = known?.id ?? `a${(last += 1)}`
    // Of a field that is not named, a buyer keeps what is there.
    const kept = collection === 'buyers' ? { ...known?.fields, ...fields } : fields
    shelf?.set(key, { id, key, fields: kept, ...(lines === undefined ? {} : { lines }) })
    return { status: 200, body: { key, id, created: known === undefined } }
  }

  function list(collection: string, query: URLSearchParams): FaultServerReply {
    const from = Number(query.get('from') ?? 0)
    const all = [...(shelves[collection]?.values() ?? [])]
    const some = query.has('id') ? all.filter(({ id }) => query.getAll('id').includes(id)) : all.slice(from, from + page)
    const next = query.has('id') || from + page >= all.length ? null : from + page
    return { status: 200, body: { items: some, next } }
  }

  function answer({ method, path, query, headers, text }: ReceivedRequest): FaultServerReply {
    if (headers.authorization !== 'Bearer acme-key') return { status: 401, body: {} }
    const [, collection = '', key = ''] = path.split('/').map(decodeURIComponent)
    if (!Object.hasOwn(shelves, collection)) return { status: 404, body: {} }
    if (method === 'GET') return list(collection, new URLSearchParams(query))
    if (method === 'PUT') return put(collection, key, JSON.parse(text))
    const gone = shelves[collection]?.delete(key) ?? false
    return gone ? { status: 204 } : { status: 404, body: {} }
  }

  const server = await startFaultServer({ target: answer })
  const held = (object: string, id: string): Held | undefined => [...(shelves[`${object}s`]?.values() ?? [])].find((one) => one.id === id)
  return {
    url: server.url,
    sample: (object, n) =>
      object === 'buyer'
        ? { fields: { email: `Person.${n}@Example.com`, name: `Person Number ${n}`, town: `Town Number ${n}` } }
        : {
            fields: { currency: 'EUR', total: `${n}.90`, placed_at: '2026-03-01T23:30:00.000Z' },
            children: ['a', 'b'].map((id) => ({
              object: 'line',
              key: `line-${n}-${id}`,
              fields: { name: `Line ${n} ${id}`, price: `${n}.05` },
              links: [],
              changed: true,
            })),
          },
    poison: (input) => ({
      ...input,
      fields: { ...input.fields, ...(input.object === 'buyer' ? { email: 'nowhere at all' } : { total: '1,5' }) },
    }),
    count: (object) =>
      object === 'line'
        ? [...(shelves.purchases?.values() ?? [])].flatMap(({ lines = [] }) => lines).length
        : (shelves[`${object}s`]?.size ?? 0),
    keyOf: (object, remoteId) => held(object, remoteId)?.key,
    fieldsOf: (object, remoteId) => held(object, remoteId)?.fields,
    childrenOf: (object, remoteId) => held(object, remoteId)?.lines ?? [],
    parentsOf: (object, remoteId) => [held(object, remoteId)?.fields['buyer'] ?? ''].filter((id) => id !== ''),
    close: () => server.close(),
  }
}
