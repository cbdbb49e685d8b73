import type { Secret } from '@millrace/adapter-kit'
import { MillraceError } from '@millrace/core'

/** How a store, or a whole shop, appears among the integrations of the account. */
export interface ShopDetails {
  /** Default: the key of the store, or the name of the source. */
  name?: string
  /** Address of the storefront. Default: the API address, since ActiveCampaign wants one. */
  url?: string
  /** Address of a logo. Default: the storefront's `/favicon.ico`. */
  logoUrl?: string
}

/** Settings of {@link activecampaign}. */
export interface ActiveCampaignSettings {
  /** The URL under Settings > Developer, such as `https://acme.api-us1.com`. */
  apiUrl: string
  /** The key under Settings > Developer; a function is called again when ActiveCampaign refuses what it gave. It belongs to a user and has that user's permissions. */
  apiToken: Secret
  /** Event tracking, under Settings > Tracking > Event Tracking. Without it events go out as tags or fields only. */
  tracking?: {
    /** Default `https://trackcmp.net/event`. */
    url?: string
    accountId: string
    eventKey: Secret
  }
  /** Connections of the e-commerce data: by the key of a store, or by the name of a source for what belongs to no store. Others are made when their first order or cart comes. */
  shops?: Readonly<Record<string, ShopDetails>>
  /** How long a cart must be untouched before it counts as abandoned. Default 60. */
  cartIdleMinutes?: number
  /** The vendor's documents name the date of an abandoned cart in two ways (vendor notes, "Commerce"). Default `abandonedDate`. */
  abandonedDateKey?: 'abandonedDate' | 'abandoned_date'
  /** Longest wait for an answer. Default 60,000. */
  timeoutMs?: number
}

/** Settings with every default filled in. `apiUrl` has no trailing slash and no `/api/3`. */
export interface Settings {
  apiUrl: string
  apiToken: Secret
  tracking: { url: string; accountId: string; eventKey: Secret } | undefined
  shops: Readonly<Record<string, ShopDetails>>
  cartIdleMs: number
  abandonedDateKey: 'abandonedDate' | 'abandoned_date'
  timeoutMs: number
}

const wrong = (setting: string, problem: string): MillraceError =>
  new MillraceError({
    code: 'setting_invalid',
    field: setting,
    scope: 'destination',
    message: `activecampaign({ ${setting} }): ${problem}`,
  })

const secretOf = (setting: string, value: Secret, what: string): Secret => {
  if (typeof value === 'function') return value
  if (typeof value !== 'string' || value.trim() === '') throw wrong(setting, `is missing. Give ${what}, or a function that returns it.`)
  return value.trim()
}

const urlOf = (setting: string, value: string, example: string): string => {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw wrong(setting, `must be an address such as ${example}.`)
  const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  if (url.protocol === 'http:' && !isLocal) throw wrong(setting, 'must be https, or the key would travel readable.')
  return value.replace(/\/+$/, '')
}

const trackingOf = (tracking: ActiveCampaignSettings['tracking']): Settings['tracking'] => {
  if (tracking === undefined) return undefined
  const { accountId, eventKey, url = 'https://trackcmp.net/event' } = tracking
  if (typeof accountId !== 'string' || !/^\d+$/.test(accountId.trim()))
    throw wrong('tracking.accountId', 'must be the number (actid) under Settings > Tracking > Event Tracking.')
  return {
    url: urlOf('tracking.url', url, 'https://trackcmp.net/event'),
    accountId: accountId.trim(),
    eventKey: secretOf('tracking.eventKey', eventKey, 'the event key under Settings > Tracking > Event Tracking, which is not the API key'),
  }
}

const positive = (setting: string, value: number, unit: string): number => {
  if (!Number.isFinite(value) || value <= 0) throw wrong(setting, `must be a positive number of ${unit}.`)
  return value
}

/** Fills in defaults. Throws MillraceError `setting_invalid` that names the setting and the cure. */
export const resolveSettings = (settings: ActiveCampaignSettings): Settings => {
  const { apiUrl, apiToken, tracking, shops = {}, cartIdleMinutes = 60, abandonedDateKey = 'abandonedDate', timeoutMs = 60_000 } = settings
  if (abandonedDateKey !== 'abandonedDate' && abandonedDateKey !== 'abandoned_date')
    throw wrong('abandonedDateKey', "must be 'abandonedDate' or 'abandoned_date'.")
  return {
    apiUrl: urlOf('apiUrl', apiUrl, 'https://acme.api-us1.com').replace(/\/api\/3$/, ''),
    apiToken: secretOf('apiToken', apiToken, 'the key under Settings > Developer'),
    tracking: trackingOf(tracking),
    shops,
    cartIdleMs: positive('cartIdleMinutes', cartIdleMinutes, 'minutes') * 60_000,
    abandonedDateKey,
    timeoutMs: positive('timeoutMs', timeoutMs, 'milliseconds'),
  }
}
