import { MillraceError } from '@millrace/core'

/** Settings of Dotdigital. */
export interface DotdigitalSettings {
  /** Address of the account's region: `https://r1-api.dotdigital.com` (Europe), `r2-api` (North America), `r3-api` (Asia-Pacific). */
  baseUrl: string
  /** The API user, `apiuser-...@apiconnector.com`. */
  username: string
  /** Its password; a function is called again after a 401. */
  password: string | (() => Promise<string>)
  /** The list, or lists, that every contact is put into: its id, from the address bar of the list in Dotdigital. */
  listId: number | string | readonly (number | string)[]
  /**
   * What becomes of new contacts of whom nobody knows whether they want mail. `not-mailable` (default): unsubscribed. `vendor-default`: as the vendor's own
   * integration leaves them, subscribed with the opt-in type Unknown.
   */
  unknownContacts?: 'not-mailable' | 'vendor-default'
  /** How a person who had left is taken back after a newer opt-in: by an e-mail that asks for confirmation (default), or at once. */
  resubscribe?: 'with-challenge' | 'without-challenge'
  /** Names of the collections of insight data. Default `catalog_<prefix>`, `Orders`, `CartInsight`. */
  collections?: { catalog?: string; orders?: string; carts?: string }
  /** As many changed contacts, consents or documents as this go out as one import; fewer as single calls. Default 10. */
  bulkFrom?: number
  /** Longest wait for an answer. Default 125,000; the vendor may take two minutes. */
  timeoutMs?: number
}

/** Settings with every default filled in. */
export interface Settings extends Required<Omit<DotdigitalSettings, 'listId' | 'collections'>> {
  lists: readonly number[]
  collections: NonNullable<DotdigitalSettings['collections']>
}

const wrong = (setting: string, problem: string): MillraceError =>
  new MillraceError({ code: 'setting_invalid', field: setting, scope: 'destination', message: `marketing({ ${setting} }): ${problem}` })

const baseUrlOf = (value: string): string => {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw wrong('baseUrl', 'must be an address such as https://r1-api.dotdigital.com.')
  const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  if (url.protocol === 'http:' && !isLocal) throw wrong('baseUrl', 'must be https, or the password would travel readable.')
  return value.replace(/\/+$/, '')
}

const listsOf = (value: DotdigitalSettings['listId'] | undefined): number[] => {
  const ids = [value ?? []].flat().map((id) => (typeof id === 'string' && /^\s*\d+\s*$/.test(id) ? Number(id) : id))
  const lists = ids.filter((id) => typeof id === 'number' && Number.isSafeInteger(id) && id > 0)
  if (ids.length === 0 || lists.length !== ids.length) throw wrong('listId', 'must be the numeric id of a list, or several of them.')
  return [...new Set(lists as number[])]
}

/** Rule of the vendor for names of collections. */
const collectionName = /^[-A-Za-z_][-A-Za-z0-9_]{1,254}$/

const collectionsOf = (collections: NonNullable<DotdigitalSettings['collections']>): typeof collections => {
  for (const [kind, name] of Object.entries(collections)) {
    if (!collectionName.test(name))
      throw wrong(`collections.${kind}`, 'must hold letters, digits, hyphen and underscore, and not begin with a digit.')
  }
  if (collections.catalog !== undefined && !collections.catalog.startsWith('catalog_'))
    throw wrong('collections.catalog', "must begin with 'catalog_'.")
  return collections
}

const oneOf = <T extends string>(setting: string, value: T, allowed: readonly T[]): T => {
  if (!allowed.includes(value)) throw wrong(setting, `must be one of ${allowed.map((one) => `'${one}'`).join(', ')}.`)
  return value
}

/** Fills in defaults. Throws MillraceError `setting_invalid` that names the setting and the cure. */
export const resolveSettings = (settings: DotdigitalSettings): Settings => {
  const {
    baseUrl,
    username,
    password,
    unknownContacts = 'not-mailable',
    resubscribe = 'with-challenge',
    bulkFrom = 10,
    timeoutMs = 125_000,
  } = settings
  if (typeof username !== 'string' || username.trim() === '' || username.includes(':'))
    throw wrong('username', 'is missing. Give the name of the API user.')
  if (typeof password !== 'function' && (typeof password !== 'string' || password.trim() === '')) {
    throw wrong('password', 'is missing. Give the password of the API user, or a function that returns it.')
  }
  if (!Number.isInteger(bulkFrom) || bulkFrom < 1) throw wrong('bulkFrom', 'must be a positive whole number.')
  if (!Number.isFinite(timeoutMs) || timeoutMs <= 0) throw wrong('timeoutMs', 'must be a positive number of milliseconds.')
  return {
    baseUrl: baseUrlOf(baseUrl),
    username: username.trim(),
    password,
    lists: listsOf(settings.listId),
    unknownContacts: oneOf('unknownContacts', unknownContacts, ['not-mailable', 'vendor-default']),
    resubscribe: oneOf('resubscribe', resubscribe, ['with-challenge', 'without-challenge']),
    collections: collectionsOf(settings.collections ?? {}),
    bulkFrom,
    timeoutMs,
  }
}
