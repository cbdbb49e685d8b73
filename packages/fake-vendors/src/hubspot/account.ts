import { isJsonObject, type HttpReply } from '../http/index.ts'
import type { Credentials } from './auth.ts'
import { invalid } from './errors.ts'
import { iso, ok, type Route, type RouteContext } from './route.ts'
import { featureScopes } from './scopes.ts'

const usageCacheMs = 5 * 60_000

function details({ portal }: RouteContext): HttpReply {
  const { portalId, timeZone, companyCurrency, currencies } = portal.settings
  const now = portal.settings.now()
  const offset = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
    .formatToParts(now)
    .find((part) => part.type === 'timeZoneName')
  return ok({
    portalId,
    accountType: 'STANDARD',
    timeZone,
    companyCurrency,
    additionalCurrencies: currencies,
    utcOffset: offset?.value === 'GMT' ? '+00:00' : (offset?.value.slice(3) ?? '+00:00'),
    uiDomain: 'app-eu1.hubspot.com',
    dataHostingLocation: 'eu1',
  })
}

/** Endpoints of the account: details, daily use (cached, so it runs behind), currencies and what the token may. */
export function createAccountRoutes(credentials: Credentials): readonly Route[] {
  let cached: { readonly at: number; readonly currentUsage: number; readonly resetsAt: number } | undefined

  function usage({ portal, usage: current }: RouteContext): HttpReply {
    const at = portal.settings.now()
    if (cached === undefined || at - cached.at >= usageCacheMs || at >= cached.resetsAt)
      cached = { at, currentUsage: current.usedToday, resetsAt: current.resetsAt }
    const daily = portal.settings.limits.daily
    const result = {
      name: 'private-apps-api-calls-daily',
      usageLimit: daily === Infinity ? Number.MAX_SAFE_INTEGER : daily,
      currentUsage: cached.currentUsage,
      collectedAt: iso(cached.at),
      resetsAt: iso(cached.resetsAt),
      fetchStatus: 'SUCCESS',
    }
    return ok({ results: [result] })
  }

  function tokenInfo({ portal, body }: RouteContext): HttpReply {
    if (!isJsonObject(body) || body['tokenKey'] !== credentials.accessToken) return invalid('token-info', 'Invalid token key')
    return ok({ userId: 1, hubId: portal.settings.portalId, appId: 1, scopes: [...credentials.scopes] })
  }

  const account = (): readonly string[] => featureScopes.account
  const currencies = (): readonly string[] => featureScopes.currencies
  return [
    { legacy: 'v2', method: 'POST', path: 'oauth/v2/private-apps/get/access-token-info', scopes: () => [], handle: tokenInfo },
    { legacy: 'v3', method: 'GET', path: 'account-info/details', scopes: account, handle: details },
    { legacy: 'v3', method: 'GET', path: 'account-info/api-usage/daily/private-apps', scopes: account, handle: usage },
    {
      legacy: 'v3',
      method: 'GET',
      path: 'settings/currencies/company-currency',
      scopes: currencies,
      handle: ({ portal }) => ok({ currencyCode: portal.settings.companyCurrency }),
    },
    { legacy: 'v3', method: 'GET', path: 'settings/currencies/codes', scopes: currencies, handle: codes },
    { legacy: 'v3', method: 'GET', path: 'settings/currencies/exchange-rates', scopes: currencies, handle: exchangeRates },
  ]
}

/** Codes HubSpot supports at all: not the ones this account has enabled. */
function codes(): HttpReply {
  const names = new Intl.DisplayNames('en', { type: 'currency' })
  return ok({
    results: Intl.supportedValuesOf('currency').map((currencyCode) => ({
      currencyCode,
      currencyName: names.of(currencyCode) ?? currencyCode,
    })),
  })
}

/** One rate for each enabled currency: having one is what enables it. */
function exchangeRates({ portal }: RouteContext): HttpReply {
  const at = iso(0)
  const { companyCurrency, currencies } = portal.settings
  return ok({
    results: currencies.map((fromCurrencyCode, index) => ({
      id: String(index + 1),
      fromCurrencyCode,
      toCurrencyCode: companyCurrency,
      conversionRate: 1,
      effectiveAt: at,
      visibleInUI: true,
      createdAt: at,
      updatedAt: at,
    })),
  })
}
