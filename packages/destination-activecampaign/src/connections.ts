import type { Client } from './client.ts'
import { isDuplicate } from './errors.ts'
import { member, textOf } from './json.ts'
import { allRows } from './pages.ts'
import { remembered } from './remembered.ts'
import type { Settings } from './settings.ts'

/** Name under which our connections stand among the integrations of the account. */
export const service = 'millrace'

/** The connections of the account: one per project or store, found by service and external id (vendor notes, "Commerce"). */
export interface Connections {
  /** The id of a connection; made when there is none. */
  idOf(externalId: string, signal: AbortSignal): Promise<string>
  /** Ids by external id of those that are there. */
  known(signal: AbortSignal): Promise<ReadonlyMap<string, string>>
  forget(): void
}

/** `<prefix>:<store or source>`. What names neither has the prefix alone. */
export const externalIdOf = (prefix: string, shop: string | undefined): string =>
  shop === undefined || shop === '' ? prefix : `${prefix}:${shop}`

/** A connection as it is made. All of it but the list is required. */
export const connectionBody = (externalId: string, { apiUrl, shops }: Settings): Record<string, string> => {
  const shop = externalId.slice(externalId.indexOf(':') + 1)
  const {
    name = shop,
    url = apiUrl,
    logoUrl = `${url.replace(/\/+$/, '')}/favicon.ico`,
  } = Object.hasOwn(shops, shop) ? (shops[shop] ?? {}) : {}
  return { service, externalid: externalId, name, logoUrl, linkUrl: url }
}

/** Reads the connections once and makes those that are missing. */
export const createConnections = (client: Client, settings: Settings): Connections => {
  const listed = remembered(async (signal) => {
    const rows = await allRows(client, { path: 'connections', name: 'connections', query: { 'filters[service]': service }, signal })
    return new Map(
      rows.flatMap((row) => {
        const [id, externalId] = [textOf(row, 'id'), textOf(row, 'externalid')]
        return id === undefined || externalId === undefined || textOf(row, 'service') !== service ? [] : [[externalId, id] as const]
      }),
    )
  })

  const make = async (externalId: string, signal: AbortSignal): Promise<string> => {
    const call = 'creation of a connection'
    const connection = connectionBody(externalId, settings)
    const reply = await client.send({ method: 'POST', path: 'connections', body: { connection }, call, signal })
    const id = textOf(member(reply.body, 'connection'), 'id')
    listed.forget()
    if (id !== undefined) return id
    if (!isDuplicate(reply.body)) throw client.error(reply, call)
    const other = (await listed.get(signal)).get(externalId)
    if (other === undefined) throw client.error(reply, call)
    return other
  }

  const making = new Map<string, Promise<string>>()
  return {
    async idOf(externalId, signal) {
      const known = (await listed.get(signal)).get(externalId)
      if (known !== undefined) return known
      const running = making.get(externalId) ?? make(externalId, signal)
      making.set(externalId, running)
      return running.finally(() => making.delete(externalId))
    },
    known: (signal) => listed.get(signal),
    forget: () => listed.forget(),
  }
}
