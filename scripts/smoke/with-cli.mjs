import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { startOthers, startVendors } from './vendors.mjs'

const { shop, portal } = await startVendors()
const { account, mailing, crm } = await startOthers()
// The one thing that a user's config lacks: the fake portal is not at HubSpot's address.
const config = readFileSync('millrace.config.ts', 'utf8')
writeFileSync(
  'millrace.config.ts',
  config.replace("env('HUBSPOT_ACCESS_TOKEN'),", `env('HUBSPOT_ACCESS_TOKEN'), baseUrl: '${portal.url}',`),
)
const values = {
  CTP_PROJECT_KEY: shop.projectKey,
  CTP_CLIENT_ID: shop.clientId,
  CTP_CLIENT_SECRET: shop.clientSecret,
  CTP_API_URL: shop.apiUrl,
  CTP_AUTH_URL: shop.authUrl,
  HUBSPOT_ACCESS_TOKEN: portal.accessToken,
  ACTIVECAMPAIGN_API_URL: account.url,
  ACTIVECAMPAIGN_API_TOKEN: account.apiToken,
  DOTDIGITAL_BASE_URL: mailing.url,
  DOTDIGITAL_USERNAME: mailing.username,
  DOTDIGITAL_PASSWORD: mailing.password,
  DOTDIGITAL_LIST_ID: String(mailing.account.addList('Shop')),
  CRM_ONE_URL: crm.url,
  CRM_ONE_TOKEN: crm.token,
}
// Filled in as a user does: the template with its values.
const template = readFileSync('.env.example', 'utf8')
writeFileSync(
  '.env',
  template.replaceAll(/^(\w+)=(.*)$/gm, (_, name, example) => `${name}=${values[name] ?? example}`),
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
for (const vendor of [shop, portal, account, mailing, crm]) await vendor.close()
const connections = sync.code === 0 ? JSON.parse(sync.stdout).connections : {}
const created = Object.entries(connections).map(([name, totals]) => `${name} ${totals.created}`)
console.log(`cli: apply ${apply.code}, check ${check.code}, sync ${sync.code}, created: ${created.join(', ')}`)
if (check.code !== 0 || sync.code !== 0 || created.length !== 5 || Object.values(connections).some((totals) => totals.created < 3)) {
  console.error(apply.stdout, apply.stderr, check.stdout, check.stderr, sync.stdout, sync.stderr)
  process.exitCode = 1
}
