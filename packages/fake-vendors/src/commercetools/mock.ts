import { CommercetoolsMock } from '@labdigital/commercetools-mock'

import { type HttpReply, type HttpRequest, isJsonObject } from '../http/message.ts'
import type { ShopStorage } from './storage.ts'

/** The mock's own routes, without its server. */
export interface Mock {
  /** Answers a request that has passed authentication and is no plain read. */
  handle(request: HttpRequest): Promise<HttpReply>
  close(): Promise<void>
}

/** Starts the mock over a storage. Its routes are called through its Fastify app: its `runServer` would bind every interface. */
export async function startMock(storage: ShopStorage, projectKey: string): Promise<Mock> {
  const mock = new CommercetoolsMock({ storage, defaultProjectKey: projectKey, enableAuthentication: false, silent: true })
  mock.app.addHook('preSerialization', async (request, _reply, payload) => {
    const wanted = isJsonObject(request.query) ? request.query['withTotal'] : undefined
    if (request.method !== 'GET' || wanted !== 'false' || !isJsonObject(payload)) return payload
    const { total: _total, ...rest } = payload
    return rest
  })
  await mock.app.ready()

  return {
    async handle(request) {
      const response = await mock.app.inject({
        method: methodOf(request.method),
        url: `${request.path}?${mockQuery(request.query).toString()}`,
        ...(request.text === ''
          ? {}
          : { payload: request.text, headers: { 'content-type': String(request.headers['content-type'] ?? 'application/json') } }),
      })
      return {
        status: response.statusCode,
        headers: { 'content-type': response.headers['content-type'] ?? 'application/json' },
        body: response.body,
      }
    },
    async close() {
      await mock.app.close()
    },
  }
}

const METHODS = ['GET', 'HEAD', 'POST', 'DELETE', 'PUT', 'PATCH', 'OPTIONS'] as const

function methodOf(method: string): (typeof METHODS)[number] {
  return METHODS.find((known) => known === method) ?? 'OPTIONS'
}

/** The mock reads any `staged` as true, so `staged=false` is left out: it is the default. */
function mockQuery(query: URLSearchParams): URLSearchParams {
  const passed = new URLSearchParams(query)
  if (passed.get('staged') === 'false') passed.delete('staged')
  return passed
}
