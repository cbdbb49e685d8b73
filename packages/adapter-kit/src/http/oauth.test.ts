import { describe, expect, it } from 'vitest'
import type { FaultServer, FaultServerReply } from '../testing/fault-server.ts'
import type { ReceivedRequest } from '../testing/fault.ts'
import { scaledClock } from '../testing/scaled-clock.ts'
import { createHttpClient } from './client.ts'
import { oauth, type OAuthOptions } from './oauth.ts'
import { get, open, post, setup, signal } from './test-support.ts'

/** An API and its token endpoint on one server: every token counts until it is expired by hand; refresh tokens are worth something once. */
async function vendor(options: Partial<OAuthOptions> = {}, rotates = false) {
  const state = { issued: 0, valid: '', refresh: 'r0', expiresIn: 3_600 as unknown, forms: [] as URLSearchParams[] }

  function token({ text, headers }: ReceivedRequest): FaultServerReply {
    const form = new URLSearchParams(text)
    state.forms.push(form)
    const basic = Buffer.from((headers['authorization'] ?? '').replace('Basic ', ''), 'base64').toString()
    const client = form.has('client_id') ? `${form.get('client_id')}:${form.get('client_secret')}` : basic
    if (client !== 'app:s3cret') return { status: 401, body: { error: 'invalid_client', error_description: 'client app with s3cret' } }
    if (form.get('grant_type') === 'refresh_token') {
      if (form.get('refresh_token') !== state.refresh) return { status: 400, body: { error: 'invalid_grant' } }
      if (rotates) state.refresh = `r${state.issued + 1}`
    }
    state.issued += 1
    state.valid = `t${state.issued}`
    const next = form.get('grant_type') === 'refresh_token' ? { refresh_token: state.refresh } : {}
    return { status: 200, body: { access_token: state.valid, token_type: 'Bearer', expires_in: state.expiresIn, ...next } }
  }

  const target = (request: ReceivedRequest): FaultServerReply => {
    if (request.path === '/token') return token(request)
    return { status: request.headers['authorization'] === `Bearer ${state.valid}` ? 200 : 401, body: {} }
  }
  const { server } = await setup({}, target)
  const clock = scaledClock(10)
  const credential = oauth({ vendor: 'Acme', tokenUrl: `${server.url}/token`, clientId: 'app', clientSecret: 's3cret', ...options })
  const client = createHttpClient({ baseUrl: server.url, clock, credential })
  open.push(client)
  return { state, server, client, credential, tokens: () => server.count({ path: '/token' }), clock }
}

const failure = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no failure',
    (error: unknown) => error,
  )

describe('client credentials', () => {
  it('get one token for all calls that begin together, and keep it', async () => {
    const { client, tokens, state } = await vendor({ scopes: ['a', 'b'] })
    const replies = await Promise.all(Array.from({ length: 8 }, () => client.request(post)))
    expect(replies.map(({ status }) => status)).toEqual(Array(8).fill(200))
    expect((await client.request(get)).status).toBe(200)
    expect(tokens()).toBe(1)
    expect(Object.fromEntries(state.forms[0] ?? [])).toEqual({ grant_type: 'client_credentials', scope: 'a b' })
  })

  it('get the next token before one expires, without a refused call', async () => {
    const { client, tokens, state, server } = await vendor({ leewayMs: 60_000 })
    state.expiresIn = '1'
    await client.request(get)
    while (tokens() < 3) expect((await client.request(get)).status).toBe(200)
    expect(server.requests.every(({ status }) => status === 200)).toBe(true)
  })

  it('get one more when a token is refused, repeat the call, and no more than that', async () => {
    const { client, tokens, state } = await vendor()
    await client.request(get)
    state.valid = 'revoked by hand'
    const replies = await Promise.all(Array.from({ length: 5 }, () => client.request(post)))
    expect(replies.map(({ status }) => status)).toEqual(Array(5).fill(200))
    expect(tokens()).toBe(2)
  })

  it('give up after one repetition', async () => {
    const { client, server } = await vendor()
    server.always({ kind: 'status', status: 401, body: {} }, { path: '/things' })
    expect((await client.request(get)).status).toBe(401)
    expect(server.count({ path: '/things' })).toBe(2)
  })

  it('are sent in the form where the vendor wants them there, and are read anew for every token', async () => {
    const secrets = ['old', 's3cret']
    const { client, state } = await vendor({ clientIn: 'body', clientSecret: () => Promise.resolve(secrets.shift() ?? 's3cret') })
    expect(await failure(client.request(get))).toMatchObject({ code: 'credentials_rejected', field: 'clientSecret' })
    expect((await client.request(get)).status).toBe(200)
    expect(state.forms[1]?.get('client_secret')).toBe('s3cret')
  })

  it('that are refused say what to do, concern everybody and hold no secret', async () => {
    const { client } = await vendor({ clientSecret: 'wr0ng' })
    const error = await failure(client.request(post))
    expect(error).toMatchObject({
      code: 'credentials_rejected',
      scope: 'destination',
      retryable: false,
      field: 'clientSecret',
      context: { category: 'invalid_client', status: 401, applied: 'no' },
    })
    expect(String(error)).toContain('check `clientId` and `clientSecret`')
    expect(JSON.stringify(error)).not.toMatch(/s3cret|wr0ng/)
  })

  it.each([
    [{ error: 'invalid_scope' }, 'scope_missing', 'scopes'],
    [{ error: 'unauthorized_client' }, 'credentials_rejected', 'clientId'],
    [{ error: 'my secret is s3cret' }, 'credentials_rejected', 'tokenUrl'],
  ])('say of %j %s in %s', async (body, code, field) => {
    const { client, server } = await vendor()
    server.always({ kind: 'status', status: 400, body }, { path: '/token' })
    const error = await failure(client.request(get))
    expect(error).toMatchObject({ code, field, scope: 'destination' })
    expect(JSON.stringify(error)).not.toContain('s3cret')
  })

  it('wait when the endpoint is busy or down, and say that nothing was sent', async () => {
    const { client, server } = await vendor()
    server.always({ kind: 'status', status: 429, headers: { 'retry-after': '7' }, body: {} }, { path: '/token' })
    expect(await failure(client.request(post))).toMatchObject({ code: 'rate_limited', scope: 'destination', retryAfterMs: 7_000 })
    server.clear()
    server.always({ kind: 'reset', when: 'after' }, { path: '/token' })
    expect(await failure(client.request(post))).toMatchObject({
      code: 'connection_lost',
      scope: 'destination',
      retryable: true,
      context: { applied: 'no' },
    })
    server.clear()
    server.next({ kind: 'lie', body: { access_token: '' } }, { path: '/token' })
    expect(await failure(client.request(post))).toMatchObject({ code: 'unexpected_response', scope: 'destination', retryable: true })
    expect(server.count({ path: '/things' })).toBe(0)
  })

  it('leave a call that is stopped while the endpoint is silent', async () => {
    const { client, server } = await vendor()
    server.always({ kind: 'hang', applied: false }, { path: '/token' })
    const stop = new AbortController()
    const call = failure(client.request({ ...post, signal: stop.signal }))
    while (server.count({ path: '/token' }) === 0) await new Promise((resolve) => setImmediate(resolve))
    stop.abort()
    expect(await call).toMatchObject({ code: 'aborted', context: { applied: 'no' } })
  })

  it('count their requests, and are shared by all clients they are given to', async () => {
    const { client, credential, server, tokens, clock } = await vendor()
    const other = createHttpClient({ baseUrl: server.url, clock, credential })
    open.push(other)
    await client.request(get)
    await other.request(get)
    expect(tokens()).toBe(1)
    expect(client.usage().requests + other.usage().requests).toBe(server.count())
  })
})

describe('a refresh token', () => {
  it('that changes is handed on before anything is sent, and is used from then on', async () => {
    const kept: string[] = []
    let things: FaultServer | undefined
    const { client, server, state } = await vendor(
      {
        refreshToken: 'r0',
        keep(token) {
          kept.push(`${token} before ${things?.count({ path: '/things' })}`)
          return Promise.resolve()
        },
      },
      true,
    )
    things = server
    await client.request(get)
    state.valid = 'expired'
    expect((await client.request(get)).status).toBe(200)
    expect(kept).toEqual(['r1 before 0', 'r2 before 2'])
    expect(state.forms.map((form) => form.get('refresh_token'))).toEqual(['r0', 'r1'])
  })

  it('that stays is handed to nobody', async () => {
    const kept: string[] = []
    const { client } = await vendor({ refreshToken: 'r0', keep: (token) => Promise.resolve(void kept.push(token)) })
    await client.request(get)
    expect(kept).toEqual([])
  })

  it('that cannot be kept stops everything until it is, and costs no second one', async () => {
    let works = false
    const tried: string[] = []
    const { client, server, tokens } = await vendor(
      {
        refreshToken: 'r0',
        keep(token) {
          tried.push(token)
          return works ? Promise.resolve() : Promise.reject(new Error('vault says r1'))
        },
      },
      true,
    )
    const error = await failure(client.request(post))
    expect(error).toMatchObject({ code: 'credential_unavailable', scope: 'destination', retryable: true })
    expect(JSON.stringify(error)).not.toContain('r1')
    expect(server.count({ path: '/things' })).toBe(0)
    works = true
    expect((await client.request(post)).status).toBe(200)
    expect([tried, tokens()]).toEqual([['r1', 'r1'], 1])
  })

  it('is read anew: what the owner puts there wins over what was given out', async () => {
    let stored = 'r0'
    const { client, state } = await vendor(
      { refreshToken: () => Promise.resolve(stored), keep: (token) => Promise.resolve(void (stored = token)) },
      true,
    )
    await client.request(get)
    expect(stored).toBe('r1')
    state.valid = 'expired'
    state.refresh = 'authorised anew'
    stored = 'authorised anew'
    expect((await client.request(get)).status).toBe(200)
    expect(state.forms.at(-1)?.get('refresh_token')).toBe('authorised anew')
  })

  it('that is refused says that somebody has to authorise the app again', async () => {
    const { client, tokens } = await vendor({ refreshToken: 'revoked' })
    const error = await failure(client.request(get))
    expect(error).toMatchObject({
      code: 'credentials_rejected',
      field: 'refreshToken',
      retryable: false,
      context: { category: 'invalid_grant' },
    })
    expect(String(error)).toContain('authorise the app again')
    expect(JSON.stringify(error)).not.toContain('revoked"')
    expect(tokens()).toBe(1)
  })

  it('is not sent twice within a call when the answer is lost, and a stopped call does not lose its answer', async () => {
    const { client, server, tokens } = await vendor({ refreshToken: 'r0' }, true)
    server.next({ kind: 'reset', when: 'before' }, { path: '/token' })
    expect(await failure(client.request(post))).toMatchObject({ code: 'connection_lost', context: { applied: 'no' } })
    expect(tokens()).toBe(1)
    const stop = new AbortController()
    server.next({ kind: 'slow', ms: 500 }, { path: '/token' })
    const first = failure(client.request({ ...get, signal: stop.signal }))
    while (tokens() < 2) await new Promise((resolve) => setImmediate(resolve))
    stop.abort()
    expect(await first).toMatchObject({ code: 'aborted' })
    expect((await client.request({ ...get, signal })).status).toBe(200)
    expect(tokens()).toBe(2)
  })
})
