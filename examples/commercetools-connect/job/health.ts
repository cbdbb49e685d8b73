import { silentLogger, systemClock } from '@millrace/core'
import { commercetools } from '@millrace/source-commercetools'

type Variables = Readonly<Record<string, string | undefined>>

const subscriptionKey = 'millrace-connect'

const need = (variables: Variables, name: string): string => {
  const value = variables[name]
  if (value !== undefined && value !== '') return value
  throw new Error(`The variable ${name} is not set. Set it in the configuration of the deployment.`)
}

/**
 * Makes the handler of the job: asks the platform whether the subscription is healthy and Millrace whether it is ready. 200 when both are, 500 with what is wrong
 * otherwise: Connect shows it in the logs of the deployment. It needs no lock, since it changes nothing.
 */
export const health = (variables: Variables): (() => Promise<Response>) => {
  const readyUrl = need(variables, 'MILLRACE_READY_URL')
  const source = commercetools({
    projectKey: need(variables, 'CTP_PROJECT_KEY'),
    clientId: need(variables, 'CTP_CLIENT_ID'),
    clientSecret: need(variables, 'CTP_CLIENT_SECRET'),
    apiUrl: need(variables, 'CTP_API_URL'),
    authUrl: need(variables, 'CTP_AUTH_URL'),
    // The check looks for the key alone; where it delivers to is the deployment's.
    subscription: { key: subscriptionKey, destination: { type: 'GoogleCloudPubSub', projectId: 'unknown', topic: 'unknown' } },
  })
  const isReady = async (): Promise<boolean> => {
    try {
      return (await fetch(readyUrl, { signal: AbortSignal.timeout(10_000) })).ok
    } catch {
      return false
    }
  }
  return async () => {
    const findings = await source.check({ clock: systemClock, logger: silentLogger, signal: AbortSignal.timeout(60_000) })
    const unhealthy = findings.filter(({ level, code }) => level !== 'ok' && code.startsWith('source_subscription')).map(({ code }) => code)
    const wrong = [...unhealthy, ...((await isReady()) ? [] : ['millrace_not_ready'])]
    return Response.json({ wrong }, { status: wrong.length === 0 ? 200 : 500 })
  }
}
