/**
 * The main job on a realistic shop and a strict portal, both on loopback: check, plan, apply, backfill, a second pass that sends nothing, changes, a pass that
 * sends exactly those, bad records isolated, and books that agree to the cent. `--quick` takes a smaller shop.
 */
import { createMillrace } from '@millrace/core'
import { hubspot } from '@millrace/destination-hubspot'
import { seedHostileRecords, seedShop, startFakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { startFakeHubSpot } from '@millrace/fake-vendors/hubspot'
import { commercetools } from '@millrace/source-commercetools'
import { sqlite } from '@millrace/store-sqlite'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compareBooks, missingOrders } from './books.ts'
import { editShop } from './edits.ts'
import { heading, say, sayRun, showProgress, table } from './screen.ts'

const quick = process.argv.includes('--quick')
const size = quick ? { customers: 300, orders: 750, products: 100 } : { customers: 2000, orders: 5000, products: 500 }
const folder = join(import.meta.dirname, '..', '..', '.millrace-demo')
const currencies = ['EUR', 'USD', 'JPY', 'KWD']
let failures = 0
const expect = (holds: boolean, claim: string): void => {
  if (!holds) failures += 1
  say(`${holds ? 'ok  ' : 'FAIL'} ${claim}`)
}

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder)
let ahead = 0
const shop = await startFakeCommercetools({ now: () => Date.now() + ahead })
const portal = await startFakeHubSpot({ currencies: currencies.filter((currency) => currency !== 'EUR') })
const source = {
  projectKey: shop.projectKey,
  clientId: shop.clientId,
  clientSecret: shop.clientSecret,
  apiUrl: shop.apiUrl,
  authUrl: shop.authUrl,
}
const millrace = createMillrace({
  sources: { shop: commercetools({ ...source, settleMs: 0 }) },
  connections: { hubspot: { destination: hubspot({ accessToken: portal.accessToken, baseUrl: portal.url }), contract: { currencies } } },
  store: sqlite({ path: join(folder, 'store.db') }),
})
const writes = (): number => portal.count((request) => request.method !== 'GET' && !request.path.endsWith('/batch/read'))

try {
  heading('A shop and a CRM, both on this machine')
  seedShop(shop, { ...size, seed: 2026 })
  const hostile = seedHostileRecords(shop)
  say(
    `commercetools: ${shop.project.count('customer')} customers, ${shop.project.count('order')} orders, ${shop.project.count('product')} products in 5 stores and 4 currencies`,
  )
  say(`among them ${hostile.length} kinds of hostile records (test/hostile.md)`)

  heading('check: what is missing before anything is written')
  const before = await millrace.check()
  for (const finding of Object.values(before.connections)
    .flat()
    .filter(({ level }) => level === 'error'))
    say(`${finding.code}: ${finding.message} ${finding.cure ?? ''}`)
  expect(!before.ok, 'check says that the portal lacks our properties')

  heading('plan and apply: provision groups, properties, keys, pipelines')
  const plan = await millrace.plan()
  say(
    `plan: ${plan.total} changes, for example ${plan.connections['hubspot']?.changes
      .slice(0, 3)
      .map(({ target }) => target)
      .join(', ')}`,
  )
  await millrace.apply()
  expect((await millrace.plan()).total === 0, 'after apply the plan is empty')
  expect((await millrace.check()).ok, 'check is satisfied')

  heading('backfill: everything, once')
  const stop = showProgress(millrace)
  const backfill = await millrace.backfill()
  sayRun(backfill)

  heading('The same again: nothing is sent')
  portal.resetRequests()
  sayRun(await millrace.backfill())
  expect(writes() === 0, `${writes()} write requests`)

  heading('Changes in the shop')
  for (const edit of editShop(shop)) say(edit)
  ahead += 60_000
  portal.resetRequests()
  const sync = await millrace.sync()
  sayRun(sync)
  stop()
  const sent = sync.connections['hubspot']
  say(`${writes()} write requests for ${sent?.updated ?? 0} updated objects`)
  expect((sent?.created ?? 0) === 0, 'nothing was made twice')

  heading('Bad records are isolated: each waits with its reason, the rest went out')
  const letters = await millrace.deadLetters.list()
  const reasons = Map.groupBy(letters, ({ object, code }) => `${object} ${code}`)
  table(
    ['object and reason', 'records', 'what to do'],
    [...reasons].map(([reason, group]) => [reason, group.length, (group[0]?.message ?? '').slice(0, 110)]),
  )
  const status = await millrace.status()
  say(`${status.rejected} records could not be read at all and are kept aside`)

  heading('The books')
  const missing = await missingOrders(shop, portal, millrace)
  const books = compareBooks(shop, portal, missing)
  table(
    ['currency', 'orders', 'shop', 'at HubSpot', 'waiting, with a reason', 'difference'],
    books.map((row) => [row.currency, row.orders, row.shop, row.delivered, row.waiting, row.difference]),
  )
  say(`orders not at HubSpot: ${missing.map(({ id, reason }) => `${id} (${reason})`).join(', ') || 'none'}`)
  expect(
    books.every(({ difference }) => /^-?[0.]+$/.test(difference)),
    'the totals of every currency agree to the cent',
  )
  expect(
    missing.every(({ id }) => id.startsWith('hostile')),
    'every ordinary order is there',
  )

  heading('Look around')
  const config = join(folder, 'millrace.config.ts')
  writeFileSync(config, configText(join(folder, 'store.db')))
  const order = shop.project.all('order').find(({ id }) => !id.startsWith('hostile'))
  const where = '--config .millrace-demo/millrace.config.ts'
  say(`npx -y pnpm@12 millrace status ${where}`)
  say(`npx -y pnpm@12 millrace trace order ${order?.id ?? ''} ${where}`)
  say(`npx -y pnpm@12 millrace dead-letters list ${where}`)
} finally {
  await millrace.close()
  await shop.close()
  await portal.close()
}
console.log(`\ndemo: ${failures === 0 ? 'everything agreed' : `${failures} claims did not hold`}`)
process.exitCode = failures === 0 ? 0 : 1

/** The demo's store stays, so that `status` and `trace` work on it; the vendors are gone, so nothing else does. */
function configText(path: string): string {
  return `import { defineConfig } from '@millrace/core'
import { hubspot } from '@millrace/destination-hubspot'
import { commercetools } from '@millrace/source-commercetools'
import { sqlite } from '@millrace/store-sqlite'

export default defineConfig({
  sources: { shop: commercetools(${JSON.stringify(source)}) },
  connections: { hubspot: { destination: hubspot({ accessToken: 'gone', baseUrl: '${portal.url}' }), contract: { currencies: ${JSON.stringify(currencies)} } } },
  store: sqlite({ path: ${JSON.stringify(path)} }),
})
`
}
