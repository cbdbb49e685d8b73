import { silentLogger, systemClock, type CollectContext, type Collected } from '@millrace/core'
import { collect, signRequest } from '@millrace/intake'

type Variables = Readonly<Record<string, string | undefined>>

/** A page waits for the answer, and Millrace answers when the events are on disk: longer than this is no answer. */
const patienceMs = 8_000

const need = (variables: Variables, name: string): string => {
  const value = variables[name]
  if (value !== undefined && value !== '') return value
  throw new Error(`The variable ${name} is not set. Set it in the configuration of the deployment.`)
}

/** Millrace answered otherwise than that it kept the events. */
class Refused extends Error {}

/**
 * Makes the handler of the service application: takes what the collect endpoint of Millrace takes from pages and from the shop's server, with the same checks, and hands
 * it on as a signed request. 204 only when Millrace has kept it; 502 (Millrace refused) and 503 (no answer in time): send it again. It keeps nothing itself.
 */
export const relay = (variables: Variables, { waitMs = patienceMs } = {}): ((request: Request) => Promise<Response>) => {
  const endpoint = need(variables, 'MILLRACE_COLLECT_ENDPOINT')
  const secret = need(variables, 'MILLRACE_COLLECT_SECRET')
  const identitySecret = variables['IDENTITY_SECRET'] ?? ''
  const origins = need(variables, 'ORIGINS')
    .split(',')
    .map((origin) => origin.trim())
  const collector = collect({
    secret,
    browser: { writeKey: need(variables, 'WRITE_KEY'), origins, ...(identitySecret === '' ? {} : { identitySecret }) },
  })

  const keep = async (collected: Collected): Promise<void> => {
    const body = JSON.stringify(collected)
    const headers = { 'content-type': 'application/json', ...signRequest(secret, body, Date.now()) }
    const { status } = await fetch(endpoint, { method: 'POST', headers, body, signal: AbortSignal.timeout(waitMs), redirect: 'error' })
    if (status !== 204) throw new Refused()
  }
  // What Connect says of where a request comes from is not documented: there is no limit by address, the one by write key holds.
  const ctx: CollectContext = { clock: systemClock, logger: silentLogger, address: undefined, keep }

  return async (request) => {
    try {
      return await collector.handle(request, ctx)
    } catch (thrown) {
      return new Response(null, { status: thrown instanceof Refused ? 502 : 503 })
    }
  }
}
