import { createHttpClient, keptBudgets, sumUsage, type HttpClient, type HttpReply } from '@millrace/adapter-kit'
import type { BudgetKeeper, Clock, DestinationContext, Logger, MillraceError, Usage } from '@millrace/core'
import { readAccount, type Account } from './account.ts'
import { bucketBudgets, portalBudgets, type Bucket } from './budgets.ts'
import { callError } from './errors.ts'
import { asList, member } from './json.ts'
import { toPipeline, type Pipeline } from './pipeline.ts'
import { toPortalProperty, type PortalProperty } from './portal-property.ts'
import { eventRequests, toDefinitions, type EventDefinition } from './event-definitions.ts'
import { readLists, type PortalLists } from './lists.ts'
import { createRecentConsent, type RecentConsent } from './recent-consent.ts'
import { sdk, sdkRequest, type SdkRequest } from './sdk.ts'
import type { Settings } from './settings.ts'

/** How a request is sent. */
export interface CallOptions {
  /** What is called, for people: `batch upsert of contacts`. */
  call: string
  signal: AbortSignal
  bucket?: Bucket
  /** True when doing it twice is the same as once. */
  idempotent?: boolean
  /** Goes before everything that waits, and may use the reserve: for consent. */
  urgent?: boolean
  exchanged?: DestinationContext['exchanged']
}

/** One HubSpot portal: sends requests inside its budgets and remembers its schema. */
export interface Portal {
  readonly account: Account
  /** Resolves for every status. A short-term 429 is waited out; what the budgets refuse is thrown. */
  send(request: SdkRequest | Promise<SdkRequest>, options: CallOptions): Promise<HttpReply>
  /** Resolves for 2xx, throws MillraceError for every other status. */
  require(request: SdkRequest | Promise<SdkRequest>, options: CallOptions): Promise<HttpReply>
  /** The error of an answer that concerns the whole call. */
  error(reply: HttpReply, call: string): MillraceError
  /** Properties by name, read once. `type` is the plural name of the object in paths. */
  properties(type: string, signal: AbortSignal): Promise<ReadonlyMap<string, PortalProperty>>
  /** Pipelines with their stages, read once. */
  pipelines(type: string, signal: AbortSignal): Promise<readonly Pipeline[]>
  /** Definitions of custom behavioural events by name, read once; undefined in a portal, or for a token, that may not know. */
  eventDefinitions(signal: AbortSignal): Promise<ReadonlyMap<string, EventDefinition> | undefined>
  /** Lists of contacts, read once. */
  lists(signal: AbortSignal): Promise<PortalLists>
  /** Enabled currencies, the company's first; undefined when the token may not know. */
  currencies(signal: AbortSignal): Promise<readonly string[] | undefined>
  /** Subscription statuses that were just read. */
  readonly recentConsent: RecentConsent
  /** Forgets what was read of properties, pipelines, definitions, lists and currencies, so that it is read again. */
  forgetSchema(): void
}

/** Makes and keeps the portal of a destination. */
export interface PortalSource {
  open(context: { clock: Clock; logger: Logger; signal: AbortSignal; exchanged?: DestinationContext['exchanged'] }): Promise<Portal>
  usage(): Usage
  readonly budgets: BudgetKeeper
  close(): void
}

/** How often a call that was refused by a short-term limit is sent again; each time the budget waits for room first. */
const maxRefusals = 3

const jsonHeaders = { 'content-type': 'application/json' }

/** Remembers what `read` gave until it is forgotten; a failure is not remembered. */
const remembered = <T>(read: (type: string, signal: AbortSignal) => Promise<T>): { get: typeof read; forget(): void } => {
  const known = new Map<string, Promise<T>>()
  return {
    get(type, signal) {
      const found = known.get(type)
      if (found !== undefined) return found
      const reading = read(type, signal)
      known.set(type, reading)
      reading.catch(() => known.delete(type))
      return reading
    },
    forget: () => known.clear(),
  }
}

const connect = (http: HttpClient, account: Account, clock: Clock): Portal => {
  const error: Portal['error'] = (reply, call) => callError(reply, call, clock.now())
  const send: Portal['send'] = async (made, { signal, bucket = 'general', idempotent = false, urgent = false, exchanged }) => {
    const { method, path, query, body } = await made
    const once = (): Promise<HttpReply> =>
      http.request({
        method,
        path,
        query,
        signal,
        idempotent,
        urgent,
        exchanged,
        budget: bucketBudgets[bucket],
        ...(body === undefined ? {} : { body, headers: jsonHeaders }),
      })
    let reply = await once()
    for (let refusals = 0; reply.status === 429 && refusals < maxRefusals; refusals += 1) reply = await once()
    return reply
  }
  const require: Portal['require'] = async (made, options) => {
    const reply = await send(made, options)
    if (reply.status >= 200 && reply.status < 300 && typeof reply.body !== 'string') return reply
    throw error(reply, options.call)
  }
  const properties = remembered(async (type, signal) => {
    const reply = await require(sdkRequest(sdk.properties.getAll(type)), { call: `properties of ${type}`, signal })
    const found = asList(member(reply.body, 'results')).flatMap((entry) => toPortalProperty(entry) ?? [])
    return new Map(found.map((property) => [property.name, property]))
  })
  const pipelines = remembered(async (type, signal) => {
    const reply = await require(sdkRequest(sdk.pipelines.getAll(type)), { call: `pipelines of ${type}`, signal })
    return asList(member(reply.body, 'results')).flatMap((entry) => toPipeline(entry) ?? [])
  })
  const definitions = remembered(async (_, signal) => {
    const call = 'definitions of events'
    const reply = await send(eventRequests.definitions(), { call, signal })
    if (reply.status === 403 || reply.status === 404) return undefined
    if (reply.status < 200 || reply.status >= 300) throw error(reply, call)
    return toDefinitions(reply)
  })
  const lists = remembered((_, signal) => readLists({ require }, signal))
  let seeded = true
  const currencies = remembered(async (_, signal) => {
    if (seeded) return account.currencies
    return (await readAccount(http, clock.now, signal)).currencies
  })
  return {
    account,
    recentConsent: createRecentConsent(clock),
    send,
    require,
    error,
    properties: properties.get,
    pipelines: pipelines.get,
    eventDefinitions: (signal) => definitions.get('events', signal),
    lists: (signal) => lists.get('contacts', signal),
    currencies: (signal) => currencies.get('account', signal),
    forgetSchema() {
      seeded = false
      currencies.forget()
      properties.forget()
      pipelines.forget()
      definitions.forget()
      lists.forget()
    },
  }
}

/** The portal in one call of the engine, whose listener is told what was said. What is read once and remembered concerns nobody in particular. */
const telling = (portal: Portal, exchanged: DestinationContext['exchanged']): Portal =>
  exchanged === undefined
    ? portal
    : {
        ...portal,
        send: (request, options) => portal.send(request, { exchanged, ...options }),
        require: (request, options) => portal.require(request, { exchanged, ...options }),
      }

/** Reads the account on first use, because its id and time zone shape the budgets, and keeps the portal from then on. */
export const createPortalSource = (settings: Settings): PortalSource => {
  const clients: HttpClient[] = []
  const kept = keptBudgets()
  let opened: { clock: Clock; portal: Promise<Portal> } | undefined

  const openClient = (clock: Clock, logger: Logger, account?: Account): HttpClient => {
    const client = createHttpClient({
      baseUrl: settings.baseUrl,
      credential: settings.accessToken,
      clock,
      timeoutMs: settings.timeoutMs,
      logger,
      ...(account === undefined ? {} : { budgets: portalBudgets(kept, settings, account, clock) }),
    })
    clients.push(client)
    return client
  }

  return {
    budgets: kept.keeper,
    async open({ clock, logger, signal, exchanged }) {
      if (opened?.clock === clock) return telling(await opened.portal, exchanged)
      const portal = readAccount(openClient(clock, logger), clock.now, signal).then((account) =>
        connect(openClient(clock, logger, account), account, clock),
      )
      const mine = { clock, portal }
      opened = mine
      portal.catch(() => {
        if (opened === mine) opened = undefined
      })
      return telling(await portal, exchanged)
    },
    usage: () => sumUsage(clients),
    close() {
      for (const client of clients) client.close()
      opened = undefined
    },
  }
}
