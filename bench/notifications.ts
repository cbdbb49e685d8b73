/**
 * How long a change takes to its destination when the shop announces it: from the platform's own stamp of the change to the time of the settled delivery in the
 * journal, over HTTP on loopback, both vendors in another process. And how long an acknowledgement takes, in peace and with 20 garbage requests for each valid one.
 */
import { createMillrace } from '@millrace/core'
import { hubspot } from '@millrace/destination-hubspot'
import { serve, signedRequests, signRequest } from '@millrace/intake'
import { runSchedule } from '@millrace/runner'
import { commercetools } from '@millrace/source-commercetools'
import { sqlite } from '@millrace/store-sqlite'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as passing } from 'node:timers/promises'
import { machineLine, printFigures, type Figure } from './lib/report.ts'
import type { Vendors } from './lib/vendors.ts'

interface Announced {
  resource: { id: string }
  modifiedAt: string
}

const count = process.argv.includes('--quick') ? 300 : 1_000
const paced = Math.min(count, 300)
const secret = 'a secret of at least 32 characters!'
const never = 7 * 24 * 60 * 60_000

const child = fork(new URL('./lib/vendors.ts', import.meta.url), [String(count), '10', '20'])
const [vendors] = (await once(child, 'message')) as [Vendors]
const touch = async (from: number, customers: number): Promise<Announced[]> => {
  child.send({ touch: { from, count: customers } })
  return ((await once(child, 'message')) as [Announced[]])[0]
}

const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'))
const store = sqlite({ path: join(folder, 'bench.db') })
const millrace = createMillrace({
  sources: { shop: commercetools({ ...vendors.shop, settleMs: 0 }) },
  connections: { hubspot: { destination: hubspot(vendors.portal) } },
  notifications: { shop: { transport: signedRequests({ secret }) } },
  schedule: { everyMs: never, entities: { cart: never }, deliverMs: never, removalsMs: never },
  store,
})
await millrace.apply()
await millrace.backfill()
const server = await serve(millrace, { port: 0, host: '127.0.0.1', adminPort: 0 })
const stop = new AbortController()
const running = runSchedule(millrace, { signal: stop.signal })

const post = (body: string): Promise<number> =>
  fetch(`${server.url}/hooks/shop`, { method: 'POST', body, headers: signRequest(secret, body, Date.now()) }).then(({ status }) => status)

/** Changes customers some at a time, announces them, a third of them twice, and gives how long each acknowledgement took. `everyMs` = from one group to the next. */
const announce = async (
  customers: number,
  group: number,
  everyMs: number,
): Promise<{ announced: Announced[]; acknowledgedMs: number[] }> => {
  const announced: Announced[] = []
  const acknowledgedMs: number[] = []
  for (let from = 0; from < customers; from += group) {
    const next = passing(everyMs)
    const some = await touch(from, group)
    announced.push(...some)
    await Promise.all(
      some.map(async (note, index) => {
        const body = JSON.stringify(note)
        const began = performance.now()
        const status = await post(body)
        if (status !== 204) throw new Error(`A valid notification was answered ${status}`)
        acknowledgedMs.push(performance.now() - began)
        if (index % 3 === 0) await post(body)
      }),
    )
    await next
  }
  return { announced, acknowledgedMs }
}

/** From the platform's stamp of each change to the time of its delivery in the journal. */
const deliveryTimes = async (): Promise<number[]> => {
  const settled = new Set<string>()
  const all = Promise.withResolvers<void>()
  const off = millrace.on('delivery.settled', ({ object, unit }) => {
    if (object === 'contact') settled.add(unit)
    if (settled.size >= count) all.resolve()
  })
  const { announced } = await announce(count, 50, 0)
  await all.promise
  off()
  const changedAt = new Map(announced.map(({ resource, modifiedAt }) => [`customer:shop:${resource.id}`, Date.parse(modifiedAt)]))
  const journal = await store.journal({ units: [...changedAt.keys()], limit: count * 50 })
  const last = new Map(journal.filter(({ object, event }) => object === 'contact' && event === 'updated').map(({ unit, at }) => [unit, at]))
  return [...last].map(([unit, at]) => at - (changedAt.get(unit) ?? at))
}

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0
const figure = (name: string, value: number, more: Partial<Figure> = {}): Figure => ({
  name,
  unit: 'ms',
  best: value,
  median: value,
  ...more,
})

try {
  console.log(machineLine())
  const deliveredMs = await deliveryTimes()
  // 20 valid ones a second, then the same with 400 of strangers.
  const calm = percentile((await announce(paced, 2, 100)).acknowledgedMs, 0.99)
  const strangers = fork(new URL('./lib/garbage.ts', import.meta.url), [`${server.url}/hooks/shop`, '400'])
  const noisy = percentile((await announce(paced, 2, 100)).acknowledgedMs, 0.99)
  strangers.disconnect()
  const ratio = noisy / calm
  printFigures([
    figure(`${count} notifications: change to delivery, median`, percentile(deliveredMs, 0.5)),
    figure(`${count} notifications: change to delivery, p99`, percentile(deliveredMs, 0.99), { ceiling: 2_000 }),
    figure('acknowledged, p99', calm),
    figure('acknowledged under 20 times as much garbage, p99', noisy),
    { name: 'acknowledged under garbage against without, p99', unit: 'times', best: ratio, median: ratio, ceiling: 3 },
  ])
} finally {
  stop.abort()
  await running
  await server.close()
  await millrace.close()
  child.disconnect()
  rmSync(folder, { recursive: true, force: true })
}
