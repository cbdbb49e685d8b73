import type { Engine } from '../engine/engine.ts'
import { parseTracked } from '../operations/track.ts'
import { collectedNotices } from './collected-notice.ts'
import type { CollectEndpoint } from './open-collectors.ts'

/**
 * Makes what answers requests to the collect endpoints of an instance; which endpoint is the last part of the path. 204 when its events are kept durably, whichever process has the engine, 404 when there is no such endpoint, 503
 * when it has to be sent again, else what its collector says. It never throws.
 */
export const collectHandler = (engine: Engine): ((request: Request, address: string | undefined) => Promise<Response>) => {
  const noticeOf = collectedNotices()

  const respond = async (
    { name, source, collector }: CollectEndpoint,
    request: Request,
    address: string | undefined,
  ): Promise<Response> => {
    try {
      return await collector.handle(request, {
        clock: engine.clock,
        logger: engine.logger,
        address,
        keep: async ({ events, identities }) => {
          await engine.receive([noticeOf(source, parseTracked(engine, source, events, identities), engine.clock.now())])
          engine.emitter.emit('collect.received', { endpoint: name, source, count: events.length })
        },
      })
    } catch (thrown) {
      engine.logger.error(
        { endpoint: name, name: thrown instanceof Error ? thrown.name : typeof thrown },
        'Collected events could not be kept',
      )
      return new Response(null, { status: 503 })
    }
  }

  return async (request, address) => {
    const endpoint = engine.collectors.get(new URL(request.url).pathname.split('/').at(-1) ?? '')
    if (endpoint === undefined) return new Response(null, { status: 404 })
    const response = await respond(endpoint, request, address)
    if (response.status >= 400) engine.emitter.emit('collect.refused', { endpoint: endpoint.name, status: response.status })
    return response
  }
}
