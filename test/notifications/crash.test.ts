import { signRequest } from '@millrace/intake'
import { notificationsOf } from '@millrace/fake-vendors/commercetools'
import { setTimeout as passing } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { startWorld } from '../support/world.ts'
import { startWorker, type Worker, type WorkerSettings } from './start-worker.ts'

const kills = Number(process.env['MILLRACE_NOTIFICATION_KILLS'] ?? 5)
const people = 150
const secret = 'a secret of at least 32 characters!'

it(`nothing that was acknowledged is lost, with ${kills} kills, duplicates, shuffling, garbage and no reading beside`, async () => {
  const world = await startWorld()
  const { shop, portal } = world
  const make = notificationsOf(shop.projectKey)
  const { projectKey, clientId, clientSecret, apiUrl, authUrl } = shop
  const settings: WorkerSettings = {
    path: world.path,
    source: { projectKey, clientId, clientSecret, apiUrl, authUrl },
    destination: { accessToken: portal.accessToken, baseUrl: portal.url },
    secret,
    deliverMs: 1_000,
  }
  let worker: Worker | undefined
  try {
    const prepared = world.open()
    await prepared.apply()
    await prepared.sync()
    await prepared.close()

    worker = startWorker(settings)
    let url = await worker.url
    const acknowledged = new Set<number>()
    const post = async (body: string, headers = signRequest(secret, body, Date.now())): Promise<number> => {
      try {
        return (await fetch(`${url}/hooks/shop`, { method: 'POST', body, headers })).status
      } catch {
        return 0
      }
    }
    const announce = async (person: number): Promise<void> => {
      const row = shop.project.get('customer', `c${person}`)
      if (row === undefined) return
      const body = JSON.stringify(make.change('customer', row))
      // Nearly a third comes twice.
      if (person % 3 === 0) void post(body)
      if ((await post(body)) === 204) acknowledged.add(person)
    }
    const order = Array.from({ length: people }, (_, index) => (index * 67) % people)
    for (const person of order) {
      // So old that no reading of what changed meets it: it arrives by its notification or not at all.
      const created = new Date(shop.now() - 30 * 24 * 60 * 60_000).toISOString()
      shop.project.add('customer', {
        id: `c${person}`,
        createdAt: created,
        email: `c${person}@example.com`,
        firstName: 'First',
        addresses: [],
        stores: [],
      })
    }
    const killEach = Math.ceil(people / (kills + 1))
    for (const [index, person] of order.entries()) {
      for (let garbage = 0; garbage < 3; garbage += 1) void post('{"garbage":true}', { 'x-millrace-signature': 'no' })
      await announce(person)
      if (index % killEach !== killEach - 1 || index === people - 1) continue
      await passing((index * 13) % 40)
      worker.kill()
      await worker.ended
      worker = startWorker(settings)
      url = await worker.url
    }
    expect(acknowledged.size).toBeGreaterThan(people * 0.9)
    const missing = (): number[] => {
      const there = new Set(portal.portal.all('contacts').map(({ properties }) => properties['shop_customer_id']))
      return [...acknowledged].filter((person) => !there.has(`c${person}`))
    }
    // The destination cannot announce that it has everything: asked until it has, or the test's own time is over.
    while (missing().length > 0) await passing(50)
    worker.stop()
    expect((await worker.ended).code).toBe(0)
    const emails = portal.portal.all('contacts').map(({ properties }) => properties['email'])
    expect(new Set(emails).size).toBe(emails.length)
    expect(missing()).toEqual([])
  } finally {
    worker?.kill()
    await world.close()
  }
})
