/** Takes notifications and follows them in a process of its own, to be killed at any moment. Prints where it listens. */
import { createMillrace } from '@millrace/core'
import { hubspot } from '@millrace/destination-hubspot'
import { serve, signedRequests } from '@millrace/intake'
import { runSchedule, stopOnSignals } from '@millrace/runner'
import { commercetools } from '@millrace/source-commercetools'
import { sqlite } from '@millrace/store-sqlite'
import type { WorkerSettings } from './start-worker.ts'

const settings = JSON.parse(process.env['MILLRACE_NOTIFICATION_WORKER'] ?? '') as WorkerSettings
const never = 7 * 24 * 60 * 60_000
const millrace = createMillrace({
  sources: { shop: commercetools({ ...settings.source, settleMs: 0 }) },
  connections: { hubspot: { destination: hubspot(settings.destination) } },
  notifications: { shop: { transport: signedRequests({ secret: settings.secret }) } },
  store: sqlite({ path: settings.path }),
  // Once at the start, and not again.
  schedule: { everyMs: never, entities: { cart: never }, removalsMs: never, deliverMs: settings.deliverMs },
})
const server = await serve(millrace, { port: 0, host: '127.0.0.1', adminPort: 0 })
process.stdout.write(`${server.url}\n`)
const stop = stopOnSignals()
await runSchedule(millrace, { signal: stop.signal })
await server.close()
await millrace.close()
