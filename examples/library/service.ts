import { createServer, type Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Millrace } from '@millrace/core'

/** Syncs every five minutes; `POST /customers/<id>` delivers that customer now; anything else answers with the status. Ends with the signal. */
export const serve = (millrace: Millrace, signal: AbortSignal): Server => {
  const syncUntilStopped = async (): Promise<void> => {
    while (!signal.aborted) {
      await millrace.sync({ signal }).catch(console.error)
      await sleep(5 * 60_000, undefined, { signal }).catch(() => {})
    }
    await millrace.close()
  }
  const server = createServer(({ method, url = '' }, response) => {
    const id = /^\/customers\/([\w-]+)$/.exec(url)?.[1]
    const answer = method === 'POST' && id !== undefined ? millrace.push({ source: 'shop', entity: 'customer', id }) : millrace.status()
    answer.then(
      (body) => response.end(JSON.stringify(body)),
      (error) => response.writeHead(500).end(String(error)),
    )
  })
  signal.addEventListener('abort', () => server.close())
  void syncUntilStopped()
  return server
}
