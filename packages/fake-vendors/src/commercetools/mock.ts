import { CommercetoolsMock } from '@labdigital/commercetools-mock'

import type { HttpReply, HttpRequest } from '../http/message.ts'
import { platformError } from './errors.ts'
import { readTarget } from './endpoints.ts'
import { isInStore } from './in-store.ts'
import type { ListQuery } from './list-query.ts'
import { inListContext } from './request-context.ts'
import type { ShopStorage } from './storage.ts'

/** The mock's own routes, without its server. */
export interface Mock {
  /** Answers a request that has passed authentication; `list` when it is a list request, with its checked parameters. */
  handle(request: HttpRequest, list: ListQuery | undefined): Promise<HttpReply>
  close(): Promise<void>
}

/** Starts the mock over a storage. Its routes are called through its Fastify app: its `runServer` would bind every interface. */
export async function startMock(storage: ShopStorage, projectKey: string): Promise<Mock> {
  const mock = new CommercetoolsMock({ storage, defaultProjectKey: projectKey, enableAuthentication: false, silent: true })
  mock.app.addHook('preSerialization', async (request, _reply, payload) => {
    const query = request.query as Record<string, unknown>
    if (request.method !== 'GET' || query['withTotal'] !== 'false' || typeof payload !== 'object' || payload === null) return payload
    const { total: _total, ...rest } = payload as Record<string, unknown>
    return rest
  })
  await mock.app.ready()

  async function inject(request: HttpRequest): Promise<HttpReply> {
    const contentType = request.headers['content-type']
    const response = await mock.app.inject({
      method: request.method as 'GET',
      url: `${request.path}?${mockQuery(request.query).toString()}`,
      ...(request.text === '' ? {} : { payload: request.text, headers: { 'content-type': String(contentType ?? 'application/json') } }),
    })
    return {
      status: response.statusCode,
      headers: { 'content-type': String(response.headers['content-type'] ?? 'application/json') },
      body: response.body,
    }
  }

  return {
    async handle(request, list) {
      const target = readTarget(request.path)
      if (list !== undefined && target.endpoint !== undefined) {
        const context = { resourceType: target.endpoint.type, query: list, storeKey: target.storeKey, used: false }
        return inListContext(context, () => inject(request))
      }
      const reply = await inject(request)
      if (target.storeKey === undefined || target.endpoint === undefined || reply.status !== 200 || request.method !== 'GET') return reply
      const resource = JSON.parse(String(reply.body)) as Record<string, unknown>
      if (isInStore(target.endpoint.type, resource, target.storeKey)) return reply
      return platformError(404, 'ResourceNotFound', `The Resource with ID '${target.rest}' was not found.`)
    },
    async close() {
      await mock.app.close()
    },
  }
}

/** The mock reads any `staged` as true, so `staged=false` is left out: it is the default. */
function mockQuery(query: URLSearchParams): URLSearchParams {
  const passed = new URLSearchParams(query)
  if (passed.get('staged') === 'false') passed.delete('staged')
  return passed
}
