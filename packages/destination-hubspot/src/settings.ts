import { type Credential, isCredential } from '@millrace/adapter-kit'
import { MillraceError } from '@millrace/core'
import { defaultBaseUrl } from './version.ts'

/** Settings of {@link hubspot}. */
export interface HubSpotSettings {
  /** Bearer token of a service key or private app; a function is called again after a 401. Of an OAuth app: `oauth({...})` of `@millrace/adapter-kit`. */
  accessToken: Credential
  /** Default `https://api.hubapi.com`. */
  baseUrl?: string
  /** What an order becomes: one deal (default), or HubSpot's own order object. */
  orders?: 'deals' | 'orders'
  /**
   * How events are told. `off` (default): not at all. `behavioural`: as custom behavioural events, which only Enterprise portals have. `properties`: as times on the
   * contact, for portals without them. `auto`: whichever the portal has.
   */
  events?: 'off' | 'auto' | 'behavioural' | 'properties'
  /** Whether shopping carts become HubSpot's own cart objects, with lines and contact. Default false. */
  carts?: boolean
  /** What the amount of a deal is: gross without refunds (default), or the same without tax. */
  dealAmount?: 'gross' | 'net'
  /**
   * `last` (default) writes the stage an order is in. `each` writes, when a deal is created, the stages it went through one after the other, so that HubSpot
   * counts it in every stage; HubSpot stamps them with the time of the write, and it costs one more request per stage and 100 orders.
   */
  stageHistory?: 'last' | 'each'
  /** Longest wait for an answer. Default 60,000. */
  timeoutMs?: number
}

/** Settings with every default filled in. */
export type Settings = Required<HubSpotSettings>

const wrong = (setting: string, problem: string): MillraceError =>
  new MillraceError({ code: 'setting_invalid', field: setting, scope: 'destination', message: `hubspot({ ${setting} }): ${problem}` })

const oneOf = <T extends string>(setting: string, value: T, allowed: readonly T[]): T => {
  if (!allowed.includes(value)) throw wrong(setting, `must be one of ${allowed.map((one) => `'${one}'`).join(', ')}.`)
  return value
}

const baseUrlOf = (value: string): string => {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw wrong('baseUrl', `must be an address such as ${defaultBaseUrl}.`)
  const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  if (url.protocol === 'http:' && !isLocal) throw wrong('baseUrl', 'must be https, or the token would travel readable.')
  return value.replace(/\/+$/, '')
}

/** Fills in defaults. Throws MillraceError `setting_invalid` that names the setting and the cure. */
export const resolveSettings = (settings: HubSpotSettings): Settings => {
  const {
    accessToken,
    baseUrl = defaultBaseUrl,
    orders = 'deals',
    events = 'off',
    carts = false,
    dealAmount = 'gross',
    stageHistory = 'last',
    timeoutMs = 60_000,
  } = settings
  if (!isCredential(accessToken))
    throw wrong(
      'accessToken',
      'is missing. Give the token of a HubSpot service key or private app, a function that returns it, or oauth({...}) for an OAuth app.',
    )
  if (!Number.isFinite(timeoutMs) || timeoutMs <= 0) throw wrong('timeoutMs', 'must be a positive number of milliseconds.')
  return {
    accessToken: typeof accessToken === 'string' ? accessToken.trim() : accessToken,
    baseUrl: baseUrlOf(baseUrl),
    orders: oneOf('orders', orders, ['deals', 'orders']),
    events: oneOf('events', events, ['off', 'auto', 'behavioural', 'properties']),
    carts,
    dealAmount: oneOf('dealAmount', dealAmount, ['gross', 'net']),
    stageHistory: oneOf('stageHistory', stageHistory, ['last', 'each']),
    timeoutMs,
  }
}
