import { startFaultServer, type DestinationFake, type FaultServerReply, type ReceivedRequest } from '@millrace/adapter-kit/testing'

interface Member {
  id: string
  key: string
  email: string
  name: string
}

interface Purchase {
  id: string
  key: string
  member: string
  currency: string
  total: string
  lines: { key: string; sku?: string; quantity?: number; total?: string }[]
}

interface Moment {
  id: string
  name: string
  at: string
  member: string
}

/** The made-up vendor's own side, for tests. */
export interface LodestarFake extends DestinationFake {
  members(): readonly Member[]
  purchases(): readonly Purchase[]
  moments(): readonly Moment[]
}

const digits: Readonly<Record<string, number>> = { EUR: 2, USD: 2, CHF: 2, JPY: 0, KWD: 3 }
const refused = (status: number, code: string): FaultServerReply => ({ status, body: { code } })
const isAmount = (text: unknown, currency: string): boolean => {
  const allowed = digits[currency] ?? 2
  return typeof text === 'string' && new RegExp(allowed === 0 ? '^-?\\d+$' : `^-?\\d+\\.\\d{${allowed}}$`).test(text)
}

/**
 * Lodestar as its documentation would have it: members in batches of 50 that are refused whole when one is bad, e-mails folded and unique; a purchase put whole
 * under its key, only for a member that exists, amounts as decimal strings with exactly the digits of the currency; moments once per id.
 */
export const startLodestar = async (token = 'test'): Promise<LodestarFake> => {
  const members = new Map<string, Member>()
  const purchases = new Map<string, Purchase>()
  const moments = new Map<string, Moment>()
  const byEmail = (email: string): Member | undefined => [...members.values()].find((one) => one.email === email.toLowerCase())
  const addMember = (key: string, email: string, name: string): Member => {
    const made = { id: `m${members.size + 1}`, key, email: email.toLowerCase(), name }
    members.set(made.id, made)
    return made
  }

  const upsertMembers = (sent: readonly Partial<Member>[]): FaultServerReply => {
    if (sent.length > 50) return refused(413, 'too_many')
    if (sent.some(({ key = '' }) => key === '')) return refused(400, 'key_missing')
    if (new Set(sent.map(({ key }) => key)).size !== sent.length) return refused(400, 'duplicate_keys')
    if (sent.some(({ email, name }) => !/^[^@\s]+@[^@\s]+$/.test(email ?? '') || (name ?? '').length > 100))
      return refused(422, 'invalid_member')
    const results = sent.map(({ id = '', key = '', email = '', name: said }) => {
      // What is null is blank.
      const name = said ?? ''
      const known = members.get(id) ?? [...members.values()].find((one) => one.key === key)
      const holder = byEmail(email)
      if (holder !== undefined && holder !== known) return { key, taken: holder.id }
      const one = known ?? addMember(key, email, name)
      members.set(one.id, { ...one, key, email: email.toLowerCase(), name })
      return { key, id: one.id, created: known === undefined }
    })
    return { status: 200, body: { results: results.toReversed() } }
  }

  const putPurchase = (key: string, sent: Partial<Purchase>): FaultServerReply => {
    const { member = '', currency = '', total = '', lines = [] } = sent
    if (!members.has(member)) return refused(422, 'no_such_member')
    if (!/^[A-Z]{3}$/.test(currency) || !isAmount(total, currency)) return refused(422, 'invalid_amount')
    if (lines.some((line) => line.total !== undefined && !isAmount(line.total, currency))) return refused(422, 'invalid_amount')
    const known = purchases.get(key)
    const id = known?.id ?? `p${purchases.size + 1}`
    purchases.set(key, { ...sent, id, key, member, currency, total, lines })
    return { status: known === undefined ? 201 : 200, body: { results: [{ key, id, created: known === undefined }] } }
  }

  const tell = (sent: readonly Partial<Moment>[]): FaultServerReply => {
    if (sent.length > 50) return refused(413, 'too_many')
    const isWhole = ({ id = '', name = '', at = '', member = '' }: Partial<Moment>): boolean =>
      id !== '' && name !== '' && !Number.isNaN(Date.parse(at)) && members.has(member)
    if (!sent.every(isWhole)) return refused(422, 'invalid_moment')
    const results = sent.map(({ id = '', name = '', at = '', member = '', ...more }) => {
      const created = !moments.has(id)
      if (created) moments.set(id, { ...more, id, name, at, member })
      return { id, created }
    })
    return { status: 200, body: { results } }
  }

  const answer = ({ method, path, query, headers, text }: ReceivedRequest): FaultServerReply => {
    if (headers['authorization'] !== `Bearer ${token}`) return refused(401, 'unauthorized')
    const [, collection, key = ''] = path.split('/').map(decodeURIComponent)
    if (method === 'GET' && path === '/members')
      return { status: 200, body: { results: new URLSearchParams(query).getAll('email').flatMap((email) => byEmail(email) ?? []) } }
    if (method === 'POST' && path === '/members/batch') return upsertMembers(JSON.parse(text).members)
    if (method === 'DELETE' && collection === 'members') return members.delete(key) ? { status: 204 } : refused(404, 'no_such_member')
    if (method === 'PUT' && collection === 'purchases') return putPurchase(key, JSON.parse(text))
    if (method === 'DELETE' && collection === 'purchases') return purchases.delete(key) ? { status: 204 } : refused(404, 'no_such_purchase')
    if (method === 'POST' && path === '/moments') return tell(JSON.parse(text).moments)
    return refused(404, 'no_such_route')
  }

  const server = await startFaultServer({ target: answer })
  const samples: Readonly<Record<string, (n: number) => ReturnType<DestinationFake['sample']>>> = {
    member: (n) => ({ fields: { email: `Person.${n}@Example.com`, name: `Person Number ${n}` } }),
    purchase: (n) => ({
      fields: { number: `N-${n}`, currency: 'EUR', total: `${n}.99` },
      children: [
        { object: 'line', key: `suite-line-${n}`, fields: { sku: `S-${n}`, quantity: 1, total: `${n}.99` }, links: [], changed: true },
      ],
    }),
    moment: (n) => ({ fields: { order: `order-${n}` } }),
  }
  const size: Readonly<Record<string, () => number>> = {
    member: () => members.size,
    purchase: () => purchases.size,
    moment: () => moments.size,
    line: () => [...purchases.values()].flatMap(({ lines }) => lines).length,
  }
  return {
    url: server.url,
    members: () => [...members.values()],
    purchases: () => [...purchases.values()],
    moments: () => [...moments.values()],
    sample: (object, n) => samples[object]?.(n) ?? { fields: {} },
    poison: (input) =>
      input.object === 'moment'
        ? { ...input, parents: [{ object: 'member', key: 'nobody', remoteId: 'm0' }] }
        : { ...input, fields: { ...input.fields, ...(input.object === 'member' ? { email: `nowhere ${input.key}` } : { total: '1,5' }) } },
    count: (object) => size[object]?.() ?? 0,
    keyOf: (object, id) => (object === 'member' ? members.get(id)?.key : [...purchases.values()].find((one) => one.id === id)?.key),
    fieldsOf: (object, id) => {
      if (object === 'member') {
        const { email, name } = members.get(id) ?? {}
        return email === undefined ? undefined : { email, name: name ?? null }
      }
      const purchase = [...purchases.values()].find((one) => one.id === id)
      return purchase && { currency: purchase.currency, total: purchase.total }
    },
    childrenOf: (_object, id) => [...purchases.values()].find((one) => one.id === id)?.lines.map((line) => ({ ...line })) ?? [],
    parentsOf: (_object, id) => [...purchases.values()].flatMap((one) => (one.id === id ? [one.member] : [])),
    plant: (_object, fields) => addMember('', String(fields['email']), '').id,
    close: () => server.close(),
  }
}
