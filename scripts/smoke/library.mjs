import { createMillrace } from '@millrace/core'
import { hubspot } from '@millrace/destination-hubspot'
import { commercetools } from '@millrace/source-commercetools'
import { sqlite } from '@millrace/store-sqlite'
import { startVendors } from './vendors.mjs'

const { shop, portal } = await startVendors()
const millrace = createMillrace({
  source: commercetools({
    projectKey: shop.projectKey,
    clientId: shop.clientId,
    clientSecret: shop.clientSecret,
    apiUrl: shop.apiUrl,
    authUrl: shop.authUrl,
  }),
  destinations: [hubspot({ accessToken: portal.accessToken, baseUrl: portal.url })],
  store: sqlite({ path: 'library.db' }),
})
await millrace.apply()
const report = await millrace.sync()
await millrace.close()
await shop.close()
await portal.close()
const created = report.connections.hubspot?.created
console.log(`library: ${report.run.status}, ${created} created`)
if (report.run.status !== 'completed' || created !== 3) {
  console.error(JSON.stringify(report, null, 2))
  process.exitCode = 1
}
