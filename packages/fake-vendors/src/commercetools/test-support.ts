import type { FakeCommercetools } from './start.ts'

/** A raw answer: status, headers and the parsed body. */
export interface RawAnswer {
  status: number
  headers: Headers
  body: { results: { id: string; lastModifiedAt: string; [field: string]: unknown }[]; [field: string]: unknown }
}

/** Gets a token with the shop's own credentials. */
export async function fetchToken(shop: FakeCommercetools, scope?: string): Promise<string> {
  const response = await fetch(`${shop.authUrl}/oauth/token`, {
    method: 'POST',
    headers: { authorization: basic(shop.clientId, shop.clientSecret), 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) }),
  })
  const { access_token: token } = (await response.json()) as { access_token: string }
  return token
}

/** The header of HTTP Basic authentication. */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

/** Reads a path below the project with a fresh token. */
export async function get(shop: FakeCommercetools, path: string, parameters: string[][] = [], token?: string): Promise<RawAnswer> {
  const query = new URLSearchParams(parameters as [string, string][]).toString()
  const url = `${shop.apiUrl}/${shop.projectKey}${path}${query === '' ? '' : `?${query}`}`
  const response = await fetch(url, { headers: { authorization: `Bearer ${token ?? (await fetchToken(shop))}` } })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: JSON.parse(text) as RawAnswer['body'] }
}

/** All pages of a keyset read on (lastModifiedAt, id), as a careful client reads them. */
export async function readByKeyset(shop: FakeCommercetools, path: string, limit: number): Promise<RawAnswer['body']['results']> {
  const token = await fetchToken(shop)
  const rows: RawAnswer['body']['results'] = []
  for (;;) {
    const last = rows.at(-1)
    const where =
      last === undefined
        ? []
        : [['where', `lastModifiedAt > "${last.lastModifiedAt}" or (lastModifiedAt = "${last.lastModifiedAt}" and id > "${last.id}")`]]
    const parameters = [...where, ['sort', 'lastModifiedAt asc'], ['sort', 'id asc'], ['limit', String(limit)], ['withTotal', 'false']]
    const { body } = await get(shop, path, parameters, token)
    rows.push(...body.results)
    if (body.results.length < limit) return rows
  }
}
