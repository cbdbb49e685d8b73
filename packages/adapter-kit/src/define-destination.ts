import { createHash } from 'node:crypto'
import type { Clock, Contract, Destination, DestinationContext } from '@millrace/core'
import { MillraceError } from '@millrace/core'
import { z } from 'zod'
import { keptBudgets } from './budget/keeper.ts'
import type { BudgetDefinition } from './budget/budget.ts'
import { markCredential } from './http/credential.ts'
import { createHttpClient, type HttpClient, type HttpClientOptions, type HttpRequest } from './http/client.ts'
import type { HttpReply } from './http/reply.ts'
import { sumUsage } from './http/usage.ts'

/** How the vendor's API is reached. */
export interface ApiOptions extends Omit<HttpClientOptions, 'clock' | 'logger' | 'budgets'> {
  /** The vendor's limits by name; calls name them in `budget`. */
  budgets?: Readonly<Record<string, BudgetDefinition>>
  /** Whose limits they are, when several credentials share one account. Default: the address with the credential. Never logged. */
  account?: string
}

/** The vendor's API in one call of the engine: its signal, clock and log are set. */
export interface BoundHttpClient {
  request(call: Omit<HttpRequest, 'signal'>): Promise<HttpReply>
}

/** What `connect` is given. */
export interface ConnectTools {
  http: (ctx: DestinationContext) => BoundHttpClient
}

/** What `connect` gives: how things are done. Everything but `deliver` is optional and detected. */
export type ConnectedDestination = Pick<
  Destination,
  | 'deliver'
  | 'check'
  | 'describe'
  | 'plan'
  | 'apply'
  | 'find'
  | 'list'
  | 'read'
  | 'consentOf'
  | 'consentChanges'
  | 'erase'
  | 'collect'
  | 'close'
>

/** A default contract where only the objects must be said. The rest: prefix `shop`, no currency totals, people merged by e-mail, guests included. */
export type DefaultContract = Partial<Omit<Contract, 'version'>> & Pick<Contract, 'objects'>

/** What {@link defineDestination} is given. */
export interface DestinationDefinition<Schema extends z.ZodType> extends Pick<Destination, 'name' | 'objects' | 'limits' | 'delivery'> {
  /** The settings a user writes, in zod. */
  settings: Schema
  defaultContract: DefaultContract
  /** How the vendor's API is reached. Left out by destinations that speak something else than HTTP: `http` throws there. */
  api?: (settings: z.output<Schema>) => ApiOptions
  connect: (settings: z.output<Schema>, tools: ConnectTools) => ConnectedDestination
}

/**
 * Makes a destination's factory: `export const acme = defineDestination({...})`, then `acme({ apiKey })` in a config. The factory checks the settings and
 * throws MillraceError `setting_invalid` naming all that is wrong; connections are opened on first use and closed with the destination.
 */
export function defineDestination<Schema extends z.ZodType>(
  definition: DestinationDefinition<Schema>,
): (settings: z.input<Schema>) => Destination {
  const { name, objects, limits, delivery, defaultContract } = definition
  return (input) => {
    const settings = readSettings(name, definition.settings, input)
    const options = definition.api?.(settings)
    const clients = new Map<Clock, HttpClient>()
    const kept = keptBudgets()

    const clientOf = ({ clock, logger }: DestinationContext): HttpClient => {
      const known = clients.get(clock)
      if (known !== undefined) return known
      if (options === undefined) throw new TypeError(`${name} declares no api, so there is no HTTP to be used`)
      const { budgets, account = defaultAccount(options), ...rest } = options
      const shared = budgets === undefined ? {} : { budgets: kept.of(`${name}:${account}`, { clock, budgets }) }
      const made = createHttpClient({ ...rest, ...shared, clock, logger })
      clients.set(clock, made)
      return made
    }
    const http = (ctx: DestinationContext): BoundHttpClient => ({
      request: (call) => clientOf(ctx).request({ exchanged: ctx.exchanged, ...call, signal: ctx.signal }),
    })

    const connected = definition.connect(settings, { http })
    return {
      specificationVersion: 'v1',
      name,
      objects,
      limits,
      delivery,
      defaultContract: completeContract(defaultContract),
      ...connected,
      budgets: kept.keeper,
      credentialMark: (seal) => markCredential(options?.credential, seal),
      usage: () => sumUsage(clients.values()),
      async close() {
        for (const client of clients.values()) client.close()
        await connected.close?.()
      },
    }
  }
}

function readSettings<Schema extends z.ZodType>(name: string, schema: Schema, input: z.input<Schema>): z.output<Schema> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const { issues } = parsed.error
  const problems = issues.map(({ path, message }) => `${path.length === 0 ? 'settings' : path.join('.')}: ${message}`)
  throw new MillraceError({
    code: 'setting_invalid',
    scope: 'destination',
    field: issues[0]?.path.join('.') ?? '',
    message: `${name}({...}) cannot start. Correct these settings: ${problems.join('; ')}.`,
  })
}

const completeContract = (contract: DefaultContract): Contract => ({
  version: 1,
  prefix: 'shop',
  currencies: [],
  locales: ['en'],
  identity: { accounts: 'merge', guests: 'by-email', emailScope: 'global' },
  ordersOfNobody: 'skip',
  removal: {},
  consent: { authority: 'source', topics: {} },
  events: {},
  memberships: [],
  ...contract,
})

// Two functions cannot be compared, so they count as one account: too slow is safer than too fast.
const defaultAccount = ({ baseUrl, credential }: ApiOptions): string =>
  createHash('sha256')
    .update(`${baseUrl} ${typeof credential === 'string' ? credential : ''}`)
    .digest('hex')
    .slice(0, 16)
