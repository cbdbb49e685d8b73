import { createHttpClient, sumUsage, type HttpClient, type HttpReply } from '@millrace/adapter-kit'
import type { Clock, DestinationContext, Usage } from '@millrace/core'
import { dotdigitalBudgets, type Tier } from './budgets.ts'
import { callError, isUsageExceeded } from './errors.ts'
import type { Settings } from './settings.ts'

/** One call. */
export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Encoded. */
  path: string
  query?: Readonly<Record<string, string | number | undefined>>
  body?: unknown
  /** What is called, for people: `import of contacts`. */
  call: string
  /** Absent: a poll, which counts towards no limit. */
  tier?: Tier
  urgent?: boolean
  /** Doing it twice is the same as once. */
  idempotent?: boolean
  /** Statuses that the caller understands though they usually concern the account. */
  passes?: readonly number[]
}

/** A Dotdigital account in one call of the engine. */
export interface Account {
  readonly settings: Settings
  readonly ctx: DestinationContext
  /** Resolves for every status that concerns the records; throws MillraceError for what concerns the account or the way to it. */
  send(call: Call): Promise<HttpReply>
  /** Resolves for 2xx with JSON or nothing; throws MillraceError for every other answer. */
  require(call: Call): Promise<HttpReply>
}

/** Opens accounts and counts their requests. */
export interface AccountSource {
  open(ctx: DestinationContext): Account
  usage(): Usage
  close(): void
}

/** How often a call that a rate limit refused is sent again; each time the budget waits for room first. */
const maxRefusals = 2

const concernsAccount = ({ status, contentType }: HttpReply): boolean =>
  status === 401 || status === 403 || status === 429 || status >= 500 || (status >= 300 && status < 400) || contentType.includes('html')

const isFullSlots = (reply: HttpReply): boolean => JSON.stringify(reply.body ?? '').includes('tooMany')

/** Keeps one client per clock. */
export const createAccounts = (settings: Settings): AccountSource => {
  const clients = new Map<Clock, HttpClient>()

  const clientOf = ({ clock, logger }: DestinationContext): HttpClient => {
    const known = clients.get(clock)
    if (known !== undefined) return known
    const made = createHttpClient({
      baseUrl: settings.baseUrl,
      credential: settings.password,
      authorize: (password) => ({ authorization: `Basic ${Buffer.from(`${settings.username}:${password}`).toString('base64')}` }),
      budgets: dotdigitalBudgets(settings, clock),
      timeoutMs: settings.timeoutMs,
      clock,
      logger,
    })
    clients.set(clock, made)
    return made
  }

  return {
    open(ctx) {
      const send: Account['send'] = async ({ call, tier, idempotent = false, passes = [], ...request }) => {
        const budget = tier === undefined ? ['account'] : [tier, 'account']
        const once = (): Promise<HttpReply> =>
          clientOf(ctx).request({ ...request, budget, idempotent, signal: ctx.signal, exchanged: ctx.exchanged })
        let reply = await once()
        for (let refusals = 0; refusals < maxRefusals && reply.status === 429 && !isFullSlots(reply); refusals += 1) reply = await once()
        if ((concernsAccount(reply) && !passes.includes(reply.status)) || isUsageExceeded(reply))
          throw callError(reply, call, ctx.clock.now())
        return reply
      }
      return {
        settings,
        ctx,
        send,
        async require(call) {
          const reply = await send(call)
          if (reply.status >= 200 && reply.status < 300 && typeof reply.body !== 'string') return reply
          throw callError(reply, call.call, ctx.clock.now())
        },
      }
    },
    usage: () => sumUsage(clients.values()),
    close() {
      for (const client of clients.values()) client.close()
    },
  }
}
