/**
 * The main job on a realistic shop and five strict destinations, all on loopback: check, plan, apply, backfill, a second pass that sends nothing, changes, a pass
 * that sends exactly those, an outage of one and its recovery, bad records isolated, and books that agree to the cent everywhere. `--quick` takes a smaller shop.
 */
import { createMillrace } from '@millrace/core'
import { seedHostileRecords, seedShop, startFakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { commercetools } from '@millrace/source-commercetools'
import { sqlite } from '@millrace/store-sqlite'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { placeNames, startPlaces } from '../support/all-destinations.ts'
import { sharedClock } from '../support/shared-clock.ts'
import { agree, compareBooks, missingOrders } from './books.ts'
import { editShop } from './edits.ts'
import { heading, say, sayRun, showProgress, table } from './screen.ts'
import { createTotals } from './totals.ts'

const quick = process.argv.includes('--quick')
const size = quick ? { customers: 250, orders: 500, products: 60 } : { customers: 2000, orders: 5000, products: 500 }
const folder = join(import.meta.dirname, '..', '..', '.millrace-demo')
const currencies = ['EUR', 'USD', 'JPY', 'KWD']
let failures = 0
const now = (): string => new Date(shop.now()).toISOString()
const expect = (holds: boolean, claim: string): void => {
  if (!holds) failures += 1
  say(`${holds ? 'ok  ' : 'FAIL'} ${claim}`)
}

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder)
let ahead = 0
// Five requests a second is what ActiveCampaign allows: time runs ten times faster here, for the vendors and their limits too.
const clock = sharedClock(Date.now(), 10)
const shop = await startFakeCommercetools({ now: () => clock.now() + ahead })
const places = await startPlaces({ clock, directory: folder, limits: true })
const portal = places.hubspot.fake
const totals = createTotals()
const source = {
  projectKey: shop.projectKey,
  clientId: shop.clientId,
  clientSecret: shop.clientSecret,
  apiUrl: shop.apiUrl,
  authUrl: shop.authUrl,
}
const millrace = createMillrace({
  sources: { shop: commercetools({ ...source, settleMs: 0 }) },
  connections: Object.fromEntries(
    placeNames.map((name) => [name, { destination: places[name].destination, contract: places[name].contract }]),
  ),
  store: sqlite({ path: join(folder, 'store.db') }),
  clock,
})
const writes = (): number => places.hubspot.writes()
const forget = (): void => {
  for (const name of placeNames) places[name].forget()
}
const ordersAt = (name: (typeof placeNames)[number]): number => places[name].orders().length

try {
  heading('A shop and five destinations, all on this machine')
  seedShop(shop, { ...size, seed: 2026 })
  const hostile = seedHostileRecords(shop)
  say(
    `commercetools: ${shop.project.count('customer')} customers, ${shop.project.count('order')} orders, ${shop.project.count('product')} products in 5 stores and 4 currencies`,
  )
  say(`among them ${hostile.length} kinds of hostile records (test/hostile.md)`)

  heading('check: what is missing before anything is written')
  const before = await millrace.check()
  for (const [name, findings] of Object.entries(before.connections))
    for (const { code, message, cure = '' } of findings.filter(({ level }) => level === 'error'))
      say(`${name}: ${code}: ${message} ${cure}`)
  expect(!before.ok, 'check says what is missing at each')

  heading('plan and apply: provision groups, properties, keys, pipelines')
  const plan = await millrace.plan()
  for (const [name, { changes }] of Object.entries(plan.connections))
    say(
      `${name}: ${changes.length} changes, for example ${
        changes
          .slice(0, 3)
          .map(({ target }) => target)
          .join(', ') || 'none'
      }`,
    )
  await millrace.apply()
  expect((await millrace.plan()).total === 0, 'after apply the plan is empty')
  expect((await millrace.check()).ok, 'check is satisfied')

  heading('backfill: everything, once')
  const stop = showProgress(millrace)
  sayRun(totals.add(await millrace.backfill()))

  heading('The same again: nothing is sent')
  forget()
  const again = totals.add(await millrace.backfill())
  sayRun(again)
  expect(writes() === 0, `${writes()} write requests at HubSpot`)
  expect(
    Object.values(again.connections).every(({ delivered }) => delivered === 0),
    'nothing was delivered anywhere',
  )

  heading('Changes in the shop')
  for (const edit of editShop(shop)) say(edit)
  ahead += 60_000
  forget()
  const sync = totals.add(await millrace.sync())
  sayRun(sync)
  const sent = sync.connections['hubspot']
  say(`${writes()} write requests at HubSpot for ${sent?.updated ?? 0} updated objects`)
  expect((sent?.created ?? 0) === 0, 'nothing was made twice')

  heading('CRM One is down while the shop goes on')
  const [sample] = shop.project.all('order').filter(({ id }) => !id.startsWith('hostile'))
  for (let number = 1; number <= 5; number++) {
    const { version: _version, ...order } = { ...sample, id: `demo-order-${number}`, orderNumber: `DEMO-${number}` }
    shop.project.add('order', { ...order, version: 1, createdAt: now(), lastModifiedAt: now() })
  }
  say('5 new orders')
  ahead += 60_000
  places.crm.outage(503)
  sayRun(totals.add(await millrace.sync({ drainMs: 20_000 })))
  const others = placeNames.filter((name) => name !== 'crm')
  const isThere = (name: (typeof placeNames)[number]): boolean =>
    places[name].orders().filter(({ id }) => id.startsWith('demo-')).length === 5
  expect(others.every(isThere), 'the four others have them')
  expect(!isThere('crm'), 'CRM One has not')
  places.crm.outage(undefined)
  sayRun(totals.add(await millrace.sync({ drainMs: 3_600_000 })))
  stop()
  expect(isThere('crm'), 'it is back, and has them too')

  heading('Bad records are isolated: each waits with its reason, the rest went out')
  const letters = await millrace.deadLetters.list()
  const reasons = Map.groupBy(letters, ({ connection, object, code }) => `${connection} ${object} ${code}`)
  table(
    ['where and why', 'records', 'what to do'],
    [...reasons].map(([reason, group]) => [reason, group.length, (group[0]?.message ?? '').slice(0, 110)]),
  )
  const status = await millrace.status()
  say(`${status.rejected} records could not be read at all and are kept aside`)

  heading('The books')
  const closing: (string | number)[][] = []
  for (const name of placeNames) {
    const missing = await missingOrders(shop, name, places[name], millrace)
    const books = compareBooks(shop, places[name], missing)
    const { requests, created, updated, deadLettered } = totals.of(name)
    books.forEach(({ currency, orders, shop: here, delivered, waiting, difference }, index) => {
      const counts = index === 0 ? [name, requests, created, updated, deadLettered, ordersAt(name)] : ['', '', '', '', '', '']
      closing.push([...counts, currency, orders, here, delivered, waiting, difference])
    })
    expect(agree(books), `${name}: the totals of every currency agree to the cent`)
    expect(
      missing.every(({ id }) => id.startsWith('hostile')),
      `${name}: every ordinary order is there; not there: ${missing.map(({ id, reason }) => `${id} (${reason})`).join(', ') || 'none'}`,
    )
  }
  table(
    [
      'destination',
      'requests',
      'created',
      'updated',
      'dead',
      'orders',
      'currency',
      'in the shop',
      'shop',
      'there',
      'waiting, with a reason',
      'difference',
    ],
    closing,
  )
  say(
    'HubSpot, ActiveCampaign and Dotdigital keep what is left after refunds; CRM One and the warehouse what was paid, with refunds apart.',
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
  for (const name of placeNames) await places[name].close()
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
