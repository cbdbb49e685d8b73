import { scaledClock } from '@millrace/adapter-kit/testing'
import { createMillrace, customerSchema, type Consent } from '@millrace/core'
import { scriptedSource } from '@millrace/core/testing'
import { hubspot } from '@millrace/destination-hubspot'
import { startFakeHubSpot, unlimited } from '@millrace/fake-vendors/hubspot'
import { sqlite } from '@millrace/store-sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const at = '2026-01-01T00:00:00.000Z'
const denied: Consent = { channel: 'email', purpose: 'marketing', status: 'denied', at, source: 'account' }
const person = (id: string, consents: Consent[] = [], modifiedAt = at) =>
  customerSchema.parse({ entity: 'customer', id, createdAt: at, modifiedAt, email: `${id}@example.com`, consents })

/** Everybody has a row for the profile and one for consent. */
const rows = 100_000

it('with 100,000 rows queued, an opt-out is at the vendor within the next 2 requests of that connection, before a queued marketing event of the person', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-urgency-'))
  const fake = await startFakeHubSpot({ limits: unlimited })
  const shop = scriptedSource({ now: Date.parse(at), pageSize: 500 })
  const topics = { news: { channel: 'email', target: '1001', basis: 'CONSENT_WITH_NOTICE' } } as const
  const millrace = createMillrace({
    sources: { shop },
    connections: {
      hubspot: {
        destination: hubspot({ accessToken: fake.accessToken, baseUrl: fake.url, events: 'behavioural' }),
        contract: { consent: { topics } },
        events: ['checkout.started'],
      },
    },
    store: sqlite({ path: join(folder, 'millrace.db') }),
    clock: scaledClock(10),
  })
  try {
    await millrace.apply()
    shop.put(person('leaver'))
    await millrace.sync()
    await millrace.pause('hubspot')
    for (let index = 0; index < rows / 2; index += 1) shop.put(person(`p${index}`))
    await millrace.sync()
    const started = { id: 'checkout.started:k1', type: 'checkout.started', occurredAt: at, subject: { customerId: 'leaver' } } as const
    expect(await millrace.track('shop', [{ ...started, data: { cartId: 'k1' } }])).toBe(1)
    await millrace.resume('hubspot')
    const changed = new Date(Date.parse(at) + 1000).toISOString()
    shop.setNow(Date.parse(changed))
    shop.put(person('leaver', [denied], changed))
    fake.resetRequests()
    const enough = new AbortController()
    millrace.on('delivery.settled', ({ unit, object, result }) => {
      if (object === 'contact' && result === 'created' && !unit.includes('leaver')) enough.abort()
    })
    await millrace.sync({ signal: enough.signal }).catch(() => undefined)
    // Before anything is sent the connection is asked what it can take, and what people said there is read back.
    const sent = fake.requests.filter(({ method, path }) => method !== 'GET' && !path.endsWith('/search'))
    const place = sent.findIndex(({ path }) => path.includes('leaver'))
    expect(place).toBeGreaterThanOrEqual(0)
    expect(place).toBeLessThan(2)
    expect(sent.findIndex(({ path }) => path.includes('/send'))).toBeGreaterThan(place)
    expect(fake.portal.consent.status('leaver@example.com', '1001').status).toBe('UNSUBSCRIBED')
  } finally {
    await millrace.close()
    await fake.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
