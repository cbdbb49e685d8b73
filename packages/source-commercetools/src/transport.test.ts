import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { isMillraceError, silentLogger, type SourceContext, systemClock } from '@millrace/core'
import { afterEach, describe, expect, it } from 'vitest'
import { createPlatform } from './platform.ts'
import { type CommercetoolsSettings, resolveSettings } from './settings.ts'
import { createTransport, type Transport } from './transport.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))

const page = json(200, { results: [] }, { date: 'Sun, 01 Mar 2026 12:00:00 GMT' })
const reset: Answer = (request) => void request.socket.destroy()
const silence: Answer = () => undefined

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

interface Setup {
  transport: Transport
  ctx: SourceContext
  waits: number[]
  seen: { path: string; authorization: string | undefined }[]
  ask(): Promise<unknown>
  failure(): Promise<unknown>
}

/** A platform that gives one answer after the other to API requests, then empty pages; tokens are answered by `token`. */
const setUp = async (
  answers: Answer[],
  given: Partial<CommercetoolsSettings> = {},
  token?: Answer,
  signal?: AbortSignal,
): Promise<Setup> => {
  const seen: Setup['seen'] = []
  let issued = 0
  server = createServer((request, response) => {
    const path = request.url ?? ''
    seen.push({ path, authorization: request.headers.authorization })
    if (path === '/oauth/token') return (token ?? json(200, { access_token: `token-${++issued}`, expires_in: 172800 }))(request, response)
    return (answers.shift() ?? page)(request, response)
  })
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await promise
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  const settings = resolveSettings({
    projectKey: 'shop',
    clientId: 'id',
    clientSecret: 'very-secret',
    apiUrl: url,
    authUrl: `${url}/`,
    ...given,
  })
  const transport = createTransport(settings)
  const waits: number[] = []
  const clock = {
    ...systemClock,
    now: () => Date.parse('2026-03-01T12:00:00.000Z'),
    sleep: (ms: number) => {
      waits.push(ms)
      return Promise.resolve()
    },
  }
  const ctx = { clock, logger: silentLogger, signal: signal ?? new AbortController().signal }
  const query = createPlatform(settings).customers[0]?.query({
    where: ['email = "someone@example.com"'],
    sort: ['id asc'],
    limit: 1,
    withTotal: false,
  })
  if (query === undefined) throw new Error('no customers')
  const ask = () => transport.send(query, 'customers', ctx)
  return {
    transport,
    ctx,
    waits,
    seen,
    ask,
    failure: () =>
      ask().then(
        () => 'no error',
        (error: unknown) => error,
      ),
  }
}

describe('what is tried again', () => {
  it.each([500, 502, 503, 504, 429])('a %i, with growing waits', async (status) => {
    const { ask, waits } = await setUp([json(status, {}), json(status, {}), json(status, {})])
    await expect(ask()).resolves.toMatchObject({ body: { results: [] } })
    expect(waits).toHaveLength(3)
    expect(waits[2]).toBeGreaterThan(waits[0] ?? Infinity)
  })

  it('a connection that is reset', async () => {
    const { ask, waits } = await setUp([reset, reset])
    await expect(ask()).resolves.toBeDefined()
    expect(waits).toHaveLength(2)
  })

  it('a reply that is cut off, and one that is not JSON', async () => {
    const cut: Answer = (request, response) =>
      void response.writeHead(200, { 'content-length': '100' }).write('{"results', () => request.socket.destroy())
    const { ask } = await setUp([cut, (_, response) => void response.end('<html>')])
    await expect(ask()).resolves.toMatchObject({ body: { results: [] } })
  })

  it('only four times in all', async () => {
    const { failure, seen } = await setUp(Array.from({ length: 9 }, () => json(503, {})))
    expect(await failure()).toMatchObject({ code: 'source_unavailable', retryable: true, scope: 'destination' })
    expect(seen.filter(({ path }) => path !== '/oauth/token')).toHaveLength(4)
  })

  it('not a refusal', async () => {
    const { failure, waits } = await setUp([json(400, { message: 'Malformed parameter', errors: [{ code: 'InvalidInput' }] })])
    expect(await failure()).toMatchObject({
      code: 'source_request_refused',
      retryable: false,
      context: { status: 400, vendorCode: 'InvalidInput' },
    })
    expect(waits).toEqual([])
  })
})

describe('Retry-After', () => {
  it('is obeyed in seconds and as a date', async () => {
    const { ask, waits } = await setUp([
      json(429, {}, { 'retry-after': '7' }),
      json(503, {}, { 'retry-after': 'Sun, 01 Mar 2026 12:00:09 GMT' }),
    ])
    await ask()
    expect(waits).toEqual([7000, 9000])
  })

  it('of more than a minute is left to the caller', async () => {
    const { failure, waits } = await setUp([json(429, {}, { 'retry-after': '3600' })])
    expect(await failure()).toMatchObject({ code: 'source_rate_limited', retryable: true, retryAfterMs: 3_600_000 })
    expect(waits).toEqual([])
  })

  it('that makes no sense is ignored', async () => {
    const { ask, waits } = await setUp([json(503, {}, { 'retry-after': 'soon' })])
    await ask()
    expect(waits[0]).toBeLessThan(1000)
  })
})

describe('the status of a failure', () => {
  it.each([
    [{ statusCode: 403, errors: [] }, 'an empty list of errors'],
    [{ errors: null }, 'no list of errors'],
    [[], 'a list'],
    ['text', 'a text'],
  ] as [unknown, string][])('survives a body with %j: %s', async (body) => {
    const { failure } = await setUp([json(403, body)])
    expect(await failure()).toMatchObject({ code: 'source_scope_missing', context: { status: 403 } })
  })

  it('survives an HTML page of a proxy', async () => {
    const html: Answer = (_, response) => void response.writeHead(403, { 'content-type': 'text/html' }).end('<html>no</html>')
    const { failure } = await setUp([html])
    expect(await failure()).toMatchObject({ code: 'source_scope_missing' })
  })

  it('404 is an answer where one thing is looked for', async () => {
    const { transport, ctx } = await setUp([json(404, { message: 'not found' })])
    const request = createPlatform({ projectKey: 'shop', stores: [] }).customers[0]?.byId('x')
    expect(request && (await transport.find(request, 'customers', ctx))).toBeUndefined()
  })
})

describe('time', () => {
  it('limits each request', async () => {
    const { failure } = await setUp([silence, silence, silence, silence], { timeoutMs: 30 })
    expect(await failure()).toMatchObject({ code: 'source_timeout', retryable: true })
  })

  it('ends at once when the caller aborts, with the reason of the caller', async () => {
    const controller = new AbortController()
    const abort: Answer = () => controller.abort(new Error('stopped by the user'))
    const { failure, waits } = await setUp([abort], {}, undefined, controller.signal)
    expect(await failure()).toMatchObject({ message: 'stopped by the user' })
    expect(waits).toEqual([])
  })

  it('of the platform comes also with a refusal', async () => {
    const { transport, ctx } = await setUp([json(403, {}, { date: 'Sun, 01 Mar 2026 12:34:56 GMT' })])
    expect(await transport.serverTime(createPlatform({ projectKey: 'shop', stores: [] }).project(), 'the project', ctx)).toBe(
      Date.parse('2026-03-01T12:34:56Z'),
    )
  })
})

describe('credentials', () => {
  it('are fetched again after a refused token, and the request is repeated', async () => {
    let secret = 'old'
    const { ask, seen } = await setUp([json(401, {})], { clientSecret: () => Promise.resolve(secret) })
    secret = 'new'
    await expect(ask()).resolves.toBeDefined()
    const tokens = seen.filter(({ path }) => path === '/oauth/token')
    expect(tokens).toHaveLength(2)
    expect(tokens.map(({ authorization }) => Buffer.from(authorization?.slice(6) ?? '', 'base64').toString())).toEqual(['id:new', 'id:new'])
    expect(seen.at(-1)?.authorization).toBe('Bearer token-2')
  })

  it('that stay refused end in an error that names the settings, without a third try', async () => {
    const { failure, seen } = await setUp([json(401, {}), json(401, {}), json(401, {})])
    expect(await failure()).toMatchObject({ code: 'source_credentials_refused', retryable: false })
    expect(seen.filter(({ path }) => path !== '/oauth/token')).toHaveLength(2)
  })

  it('that the authorisation server refuses end in the same error', async () => {
    const { failure } = await setUp([], {}, json(401, { error: 'invalid_client', statusCode: 401 }))
    expect(await failure()).toMatchObject({ code: 'source_credentials_refused' })
    expect(((await failure()) as Error).message).toContain('clientSecret')
  })

  it('with scopes that the client lacks end in an error that names the setting', async () => {
    const { failure } = await setUp([], { scopes: ['view_everything:shop'] }, json(400, { error: 'invalid_scope' }))
    expect(await failure()).toMatchObject({ code: 'source_scopes_refused', field: 'scopes' })
  })

  it('are asked for a token once by many requests at the same time', async () => {
    const { ask, seen } = await setUp([])
    await Promise.all(Array.from({ length: 20 }, ask))
    expect(seen.filter(({ path }) => path === '/oauth/token')).toHaveLength(1)
  })
})

describe('what leaks', () => {
  it.each([
    [
      'a refusal that repeats the predicate',
      [json(400, { message: 'Malformed parameter: where: email = "someone@example.com" or someone@example.com 4915112345678' })],
    ],
    ['an outage', Array.from({ length: 4 }, () => json(503, { message: 'someone@example.com' }))],
    ['a reset', [reset, reset, reset, reset]],
    ['a missing project', [json(404, { message: 'URI not found: /customers?where=someone@example.com' })]],
  ] as [string, Answer[]][])('nothing of %s: no secrets, addresses or personal data', async (_, answers) => {
    const { failure } = await setUp(answers)
    const error = await failure()
    if (!isMillraceError(error)) throw new Error('expected an error')
    const everything = [error.message, error.stack, JSON.stringify(error), JSON.stringify(error.cause ?? null)].join('\n')
    for (const secret of ['someone@example.com', 'very-secret', 'token-1', '/customers?', '4915112345678'])
      expect(everything).not.toContain(secret)
  })
})
