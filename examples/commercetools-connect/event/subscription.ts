import { silentLogger, systemClock, type SourceContext } from '@millrace/core'
import { commercetools } from '@millrace/source-commercetools'
import { need, platformSettings, subscribedSettings, subscriptionKey, type Variables } from './variables.ts'

const context = (): SourceContext => ({ clock: systemClock, logger: silentLogger, signal: AbortSignal.timeout(60_000) })

/** Makes the subscription to the topic of this deployment, or points the one that is there to it. Returns what was done. */
export const subscribe = async (variables: Variables): Promise<string[]> => {
  const source = commercetools(subscribedSettings(variables))
  const changes = (await source.plan?.(context())) ?? []
  await source.apply?.(changes, context())
  await source.close?.()
  return changes.map(({ action, target }) => `${action} ${target}`)
}

/** Removes it. Returns whether it was there. */
export const unsubscribe = async (variables: Variables): Promise<boolean> => {
  const { projectKey, apiUrl, authUrl } = platformSettings(variables)
  const credentials = `${need(variables, 'CTP_CLIENT_ID')}:${need(variables, 'CTP_CLIENT_SECRET')}`
  const signal = AbortSignal.timeout(60_000)
  const granted = await fetch(`${authUrl}/oauth/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
    signal,
  })
  if (!granted.ok) throw new Error(`The platform gave no token (${granted.status}).`)
  const { access_token: token } = (await granted.json()) as { access_token: string }
  const headers = { authorization: `Bearer ${token}` }
  const url = `${apiUrl}/${projectKey}/subscriptions/key=${subscriptionKey}`
  const found = await fetch(url, { headers, signal })
  if (found.status === 404) return false
  if (!found.ok) throw new Error(`The subscription could not be read (${found.status}).`)
  const { version } = (await found.json()) as { version: number }
  const removed = await fetch(`${url}?version=${version}`, { method: 'DELETE', headers, signal })
  if (!removed.ok) throw new Error(`The subscription could not be removed (${removed.status}).`)
  return true
}
