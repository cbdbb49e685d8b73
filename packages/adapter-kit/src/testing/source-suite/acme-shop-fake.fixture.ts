import http from 'node:http'
import { once } from 'node:events'
import type { Entity, Money } from '@millrace/core'
import type { SourceFake } from './fake.ts'

/** A row of the made-up shop: stamps in epoch ms, amounts as decimals. */
export interface AcmeRow {
  id: string
  version: number
  created: number
  changed: number
  email?: string
  name?: string
  total?: { currency: string; amount: string }
}

/** The made-up shop: `GET /customers?sort=id&after=<key>&upTo=<ms>&since=<ms>&limit=`, and `GET /customers/<id>`. */
export async function startAcmeShop(): Promise<SourceFake & { url: string }> {
  const tables: Record<string, Map<string, AcmeRow>> = { customer: new Map(), order: new Map() }
  let now = 0
  let made = 0

  const put = (entity: string, row: Omit<AcmeRow, 'version' | 'created' | 'changed'>): string => {
    tables[entity]?.set(row.id, { version: 1, created: now, changed: now, ...row })
    return row.id
  }
  const change = (entity: string, id: string, edit: (row: AcmeRow) => void): void => {
    const row = tables[entity]?.get(id)
    if (row === undefined) throw new Error(`there is no ${entity} ${id}`)
    edit(row)
    row.version += 1
    row.changed = now
  }
  const answer = (url: URL): { status: number; body: unknown } => {
    const [, table = '', id] = url.pathname.split('/').map(decodeURIComponent)
    const rows = tables[table.replace(/s$/, '')]
    if (table === 'time') return { status: 200, body: { now } }
    if (rows === undefined) return { status: 404, body: { code: 'no_table' } }
    if (id !== undefined) {
      const row = rows.get(id)
      return row === undefined ? { status: 404, body: { code: 'no_row' } } : { status: 200, body: row }
    }
    const { since = '0', upTo = '0', sort, afterStamp, afterId = '', limit = '10' } = Object.fromEntries(url.searchParams)
    const found = [...rows.values()].filter(({ changed }) => changed >= Number(since) && changed <= Number(upTo))
    const byId = (a: AcmeRow, b: AcmeRow): number => (a.id < b.id ? -1 : 1)
    const behind =
      sort === 'id'
        ? found.filter((row) => row.id > afterId).toSorted(byId)
        : found
            .filter(
              ({ changed, id: own }) =>
                afterStamp === undefined || changed > Number(afterStamp) || (changed === Number(afterStamp) && own > afterId),
            )
            .toSorted((a, b) => a.changed - b.changed || byId(a, b))
    return { status: 200, body: { rows: behind.slice(0, Number(limit)), total: found.length } }
  }

  const server = http.createServer((request, response) => {
    const isKnown = request.headers.authorization === 'Bearer acme-key'
    const { status, body } = isKnown ? answer(new URL(request.url ?? '/', 'http://acme')) : { status: 401, body: {} }
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')

  return {
    url: `http://127.0.0.1:${address.port}`,
    setNow: (epochMs) => void (now = epochMs),
    add: (entity: Entity, n) =>
      // Ids are in another order than time.
      put(entity, {
        id: `${(n * 7919) % 1000}-${n}`,
        email: `buyer.${n}@example.com`,
        name: `Buyer ${n}`,
        total: { currency: 'EUR', amount: '1.00' },
      }),
    edit: (entity, id) => change(entity, id, (row) => void (row.name = `Edited ${row.version}`)),
    spoil: (entity, id) => change(entity, id, (row) => void (row.created = -1e18)),
    remove: (entity, id) => void tables[entity]?.delete(id),
    addOrder: (total: Money) => put('order', { id: `amount-${(made += 1)}`, email: 'buyer@example.com', name: 'Amount', total }),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
