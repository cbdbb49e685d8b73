import { createMillrace } from '@millrace/core'
import { hubspot } from '@millrace/destination-hubspot'
import { commercetools } from '@millrace/source-commercetools'
import { sqlite } from '@millrace/store-sqlite'
import { serve } from './service.ts'
import { settings } from './settings.ts'

const millrace = createMillrace({
  sources: { shop: commercetools(settings.commercetools) },
  connections: { hubspot: { destination: hubspot(settings.hubspot) } },
  store: sqlite({ path: 'millrace.db' }),
})
const stop = new AbortController()
process.once('SIGTERM', () => stop.abort())
serve(millrace, stop.signal).listen(8080, '127.0.0.1')
