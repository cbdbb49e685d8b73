import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { startVendors } from './vendors.mjs'

const { shop, portal } = await startVendors()
writeFileSync(
  'millrace.config.mjs',
  `import { defineConfig } from '@millrace/core'
import { hubspot } from '@millrace/destination-hubspot'
import { commercetools } from '@millrace/source-commercetools'
import { sqlite } from '@millrace/store-sqlite'

export default defineConfig({
  source: commercetools(${JSON.stringify({ projectKey: shop.projectKey, clientId: shop.clientId, clientSecret: shop.clientSecret, apiUrl: shop.apiUrl, authUrl: shop.authUrl })}),
  destinations: [hubspot(${JSON.stringify({ accessToken: portal.accessToken, baseUrl: portal.url })})],
  store: sqlite({ path: 'whole.db' }),
})
`,
)
const millrace = (...parameters) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['node_modules/@millrace/cli/dist/bin.js', ...parameters])
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => (stdout += chunk))
    child.stderr.on('data', (chunk) => (stderr += chunk))
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
const apply = await millrace('apply', '--json')
const check = await millrace('check', '--json')
const sync = await millrace('sync', '--json')
await shop.close()
await portal.close()
const created = sync.code === 0 ? JSON.parse(sync.stdout).connections.hubspot.created : undefined
console.log(`cli: apply ${apply.code}, check ${check.code}, sync ${sync.code}, ${created} created`)
if (check.code !== 0 || sync.code !== 0 || created !== 3) {
  console.error(apply.stdout, apply.stderr, check.stdout, check.stderr, sync.stdout, sync.stderr)
  process.exitCode = 1
}
