/** One of two kinds of processes on one store, to be killed at any moment: `web` takes events, `engine` takes them in and delivers them. Prints where it listens. */
import { createMillrace } from '@millrace/core'
import { crmOne } from '@millrace/destination-crm-one'
import { collect, serve } from '@millrace/intake'
import { runSchedule, stopOnSignals } from '@millrace/runner'
import { commercetools } from '@millrace/source-commercetools'
import { sqlite } from '@millrace/store-sqlite'
import type { WorkerSettings } from './start-worker.ts'

const { role, path, source, destination, secret } = JSON.parse(process.env['MILLRACE_COLLECT_WORKER'] ?? '') as WorkerSettings
const never = 7 * 24 * 60 * 60_000
const millrace = createMillrace({
  sources: { shop: commercetools({ ...source, settleMs: 0 }) },
  connections: { crm: { destination: crmOne(destination), contract: { events: { 'product.viewed': { name: 'product.viewed' } } } } },
  collect: { shop: { collector: collect({ secret }) } },
  store: sqlite({ path }),
  // Once at the start, and not again.
  schedule: { everyMs: never, entities: { cart: never }, removalsMs: never, deliverMs: 1_000 },
})
const stop = stopOnSignals()
if (role === 'web') {
  const server = await serve(millrace, { port: 0, host: '127.0.0.1', adminPort: 0 })
  process.stdout.write(`${server.url}\n`)
  await new Promise((resolve) => stop.signal.addEventListener('abort', resolve, { once: true }))
  await server.close()
} else {
  process.stdout.write('engine\n')
  await runSchedule(millrace, { signal: stop.signal })
}
await millrace.close()
