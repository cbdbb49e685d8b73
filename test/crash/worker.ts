/** One pass in a process of its own, to be killed at any moment. Tells its settings by environment and the status of the pass on stdout. */
import { createMillrace } from '@millrace/core'
import { hubspot } from '@millrace/destination-hubspot'
import { commercetools } from '@millrace/source-commercetools'
import { sqlite } from '@millrace/store-sqlite'
import { sharedClock } from '../support/shared-clock.ts'
import type { WorkerSettings } from './run-worker.ts'

const settings = JSON.parse(process.env['MILLRACE_CRASH_WORKER'] ?? '') as WorkerSettings
const millrace = createMillrace({
  sources: { shop: commercetools({ ...settings.source, settleMs: 0 }) },
  connections: { hubspot: { destination: hubspot(settings.destination), contract: { currencies: ['EUR', 'USD', 'JPY', 'KWD'] } } },
  store: sqlite({ path: settings.path }),
  clock: sharedClock(settings.clockStart, settings.clockFactor),
})
const { run, problems } = settings.kind === 'backfill' ? await millrace.backfill() : await millrace.sync()
await millrace.close()
process.stdout.write(JSON.stringify({ status: run.status, problems }))
