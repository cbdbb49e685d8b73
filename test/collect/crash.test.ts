import { createMillrace } from '@millrace/core'
import { crmOne } from '@millrace/destination-crm-one'
import { startFakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { startFakeCrmOne } from '@millrace/fake-vendors/crm-one'
import { signRequest } from '@millrace/intake'
import { commercetools } from '@millrace/source-commercetools'
import { sqlite } from '@millrace/store-sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as passing } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { startWorker, type Worker, type WorkerSettings } from './start-worker.ts'

const kills = Number(process.env['MILLRACE_COLLECT_KILLS'] ?? 3)
const calls = 120
const secret = 'a secret of at least 32 characters!'

it(`a web process takes events beside the engine of another process: with ${kills} kills of each, all that was acknowledged is told once`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-collect-'))
  const path = join(folder, 'store.db')
  const shop = await startFakeCommercetools()
  const crm = await startFakeCrmOne()
  const { projectKey, clientId, clientSecret, apiUrl, authUrl } = shop
  const source = { projectKey, clientId, clientSecret, apiUrl, authUrl }
  const destination = { baseUrl: crm.url, token: crm.token }
  const start = (role: WorkerSettings['role']): Worker => startWorker({ role, path, source, destination, secret })
  const workers: Partial<Record<WorkerSettings['role'], Worker>> = {}
  try {
    const hourAgo = new Date(Date.now() - 3_600_000).toISOString()
    const stamps = { createdAt: hourAgo, lastModifiedAt: hourAgo }
    shop.project.add('customer', { id: 'ada', email: 'ada@example.com', addresses: [], stores: [], ...stamps })
    const first = createMillrace({
      sources: { shop: commercetools({ ...source, settleMs: 0 }) },
      connections: { crm: { destination: crmOne(destination) } },
      store: sqlite({ path }),
    })
    expect((await first.sync()).problems).toEqual([])
    await first.close()
    // What somebody looks at is marketing to this CRM.
    crm.crm.grant('commercetools:shop/ada', 'email', 'marketing')

    workers.web = start('web')
    workers.engine = start('engine')
    let url = await workers.web.ready
    await workers.engine.ready
    const acknowledged = new Set<string>()
    const tell = async (call: number): Promise<void> => {
      const occurredAt = new Date().toISOString()
      // Half of the visitors are nobody yet; each of them logs in some calls later.
      const subject = call % 2 === 0 ? { customerId: 'ada' } : { anonymousId: `visitor-${call}` }
      const body = JSON.stringify({
        events: [{ id: `view-${call}`, type: 'product.viewed', occurredAt, subject, data: { lines: [{ sku: 'SHIRT-M' }] } }],
        identities: call >= 9 && call % 2 === 1 ? [{ anonymousId: `visitor-${call - 8}`, customerId: 'ada' }] : [],
      })
      for (;;) {
        try {
          const { status } = await fetch(`${url}/collect/shop`, { method: 'POST', body, headers: signRequest(secret, body, Date.now()) })
          expect(status).toBe(204)
          acknowledged.add(`view-${call}`)
          return
        } catch (thrown) {
          // Killed before it answered: whoever sends does not know whether it was kept, and sends it again.
          if (!(thrown instanceof TypeError)) throw thrown
          url = await (workers.web?.ready ?? '')
        }
      }
    }
    const restart = async (role: WorkerSettings['role']): Promise<void> => {
      workers[role]?.kill()
      await workers[role]?.ended
      workers[role] = start(role)
      await workers[role].ready
    }
    const killEach = Math.ceil(calls / (kills + 1))
    for (let call = 0; call < calls; call += 1) {
      const told = tell(call)
      if (call % 5 === 0) await Promise.all([told, tell(call)])
      if (call % killEach === killEach - 1)
        await Promise.all([told, restart('web'), passing((call * 13) % 40).then(() => restart('engine'))])
      await told
    }
    expect(acknowledged.size).toBe(calls)
    const known = [...acknowledged].filter((id) => Number(id.slice(5)) % 2 === 0 || Number(id.slice(5)) < calls - 8)
    const told = (): string[] => crm.crm.activities().map(({ id }) => id.replace('shop:', ''))
    // The destination cannot announce that it has everything: asked until it has, or the test's own time is over.
    while (known.some((id) => !told().includes(id))) await passing(50)
    workers.web.stop()
    workers.engine.stop()
    expect([(await workers.web.ended).code, (await workers.engine.ended).code]).toEqual([0, 0])
    expect(told().toSorted()).toEqual(known.toSorted())
  } finally {
    workers.web?.kill()
    workers.engine?.kill()
    await Promise.all([workers.web?.ended, workers.engine?.ended])
    await shop.close()
    await crm.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
