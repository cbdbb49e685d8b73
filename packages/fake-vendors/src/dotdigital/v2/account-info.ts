import type { HttpReply } from '../../http/index.ts'
import { iso, ok, type Route } from '../route.ts'

/** Answer of `account-info`: the property ApiEndpoint tells the region. @param endpoint base address of the account's region */
export function accountInfo(endpoint: string): HttpReply {
  const property = (name: string, value: string): object => ({ name, type: 'String', value })
  return ok({
    id: 4711,
    properties: [property('Name', 'Fake account'), property('MainEmail', 'owner@example.com'), property('ApiEndpoint', endpoint)],
  })
}

/** Endpoints about the account. */
export const accountRoutes: readonly Route[] = [
  { method: 'GET', path: 'v2/account-info', tier: 'high', handle: ({ baseUrl }) => accountInfo(baseUrl) },
  {
    method: 'GET',
    path: 'v2/server-time',
    tier: 'high',
    handle: ({ account }) => ({ status: 200, body: JSON.stringify(iso(account.settings.now())) }),
  },
]
