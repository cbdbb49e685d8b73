import { randomUUID } from 'node:crypto'
import type { BoundHttpClient, HttpReply } from '@millrace/adapter-kit'
import { classify } from '@millrace/adapter-kit'
import { MillraceError, type DestinationContext } from '@millrace/core'
import type { Dialect } from '../dialect/dialect.ts'
import { fillTemplate } from '../dialect/fill.ts'
import { asList, asText, member } from '../json.ts'
import type { CrmOneSettings } from '../settings.ts'
import type { Answer, Call, Transport } from '../transport.ts'

type RpcRules = Extract<Dialect['transport'], { kind: 'json-rpc' }>

/** Errors come with HTTP 200: `{ error: [kind, [message, ...]] }`, or with the name of a field alone. */
export const rpcAnswer = (reply: HttpReply): Answer => {
  const error = asList(member(reply.body, 'error'))
  const isError = error.length > 0
  const ok = reply.status === 200 && !isError && member(reply.body, 'result') !== undefined
  const code = error.flatMap((part) => asText(part) ?? [])[0]
  return {
    ok,
    status: reply.status,
    value: member(reply.body, 'result'),
    ...(code === undefined ? {} : { code }),
    ...(isError ? { text: JSON.stringify(error) } : {}),
    details: [],
    ...(reply.correlationId === undefined ? {} : { correlationId: reply.correlationId }),
    reply,
  }
}

const credentialOf = async (token: CrmOneSettings['token']): Promise<{ user: string; password: string }> => {
  // A login is asked for, and no bearer token that renews itself.
  const text = typeof token === 'object' ? '' : (typeof token === 'string' ? token : await token()).trim()
  const colon = text.indexOf(':')
  if (colon > 0) return { user: text.slice(0, colon), password: text.slice(colon + 1) }
  throw new MillraceError({
    code: 'setting_invalid',
    scope: 'destination',
    field: 'token',
    message: 'This CRM wants a login: write the setting "token" as user:password.',
  })
}

/** JSON-RPC with a session: logs in on first use, and again when the session has ended. */
export const rpcTransport = (
  { label, transport }: { label: string; transport: RpcRules },
  token: CrmOneSettings['token'],
  http: (ctx: DestinationContext) => BoundHttpClient,
): Transport => {
  let session: Promise<string> | undefined

  const post = (
    ctx: DestinationContext,
    method: string,
    params: unknown,
    headers: Record<string, string>,
    idempotent: boolean,
  ): Promise<HttpReply> =>
    http(ctx).request({
      method: 'POST',
      path: '',
      idempotent,
      body: { id: 1, method, params },
      headers: { 'x-correlation-id': randomUUID(), ...headers },
    })

  const login = async (ctx: DestinationContext): Promise<string> => {
    const { user, password } = await credentialOf(token)
    const reply = await post(ctx, transport.login.call, fillTemplate(transport.login.body ?? [], { user, password }), {}, true)
    const parts = asList(rpcAnswer(reply).value)
    const userId = parts.find((part) => typeof part === 'number')
    const key = parts.find((part) => typeof part === 'string')
    if (userId !== undefined && key !== undefined) {
      return transport.authorization.replace('$session', Buffer.from(`${user}:${userId}:${key}`).toString('base64'))
    }
    const status = reply.status === 200 ? 401 : reply.status
    throw classify({ ...reply, status }, { vendor: label, call: 'login', now: ctx.clock.now(), setting: 'token' })
  }

  const sessionOf = (ctx: DestinationContext): Promise<string> => {
    if (session !== undefined) return session
    const opening = login(ctx)
    session = opening
    // A failed login is not kept.
    opening.catch(() => {
      if (session === opening) session = undefined
    })
    return opening
  }

  return {
    async send({ operation, values, idempotencyKey }: Call, ctx): Promise<Answer> {
      const params = fillTemplate(operation.body ?? [], values)
      const attempt = async (): Promise<HttpReply> =>
        post(ctx, operation.call, params, { authorization: await sessionOf(ctx) }, idempotencyKey === undefined)
      const reply = await attempt()
      if (reply.status !== 401) return rpcAnswer(reply)
      session = undefined
      return rpcAnswer(await attempt())
    },
  }
}
