import { scaledClock } from '@millrace/adapter-kit/testing'
import { createMillrace, customerSchema, type Consent } from '@millrace/core'
import { memoryStore, scriptedSource } from '@millrace/core/testing'
import { hubspot } from '@millrace/destination-hubspot'
import { startFakeHubSpot, unlimited } from '@millrace/fake-vendors/hubspot'
import { expect, it } from 'vitest'

const at = '2026-01-01T00:00:00.000Z'
const denied: Consent = { channel: 'email', purpose: 'marketing', status: 'denied', at, source: 'account' }
const person = (id: string, consents: Consent[] = [], modifiedAt = at) =>
  customerSchema.parse({ entity: 'customer', id, createdAt: at, modifiedAt, email: `${id}@example.com`, consents })

/** Everybody has a row for the profile and one for consent. MILLRACE_QUEUED_ROWS=100000 takes four minutes. */
const rows = Number(process.env['MILLRACE_QUEUED_ROWS'] ?? 2_000)

it(
  `with ${rows} rows queued, an opt-out is at the vendor within the next 2 requests of that connection`,
  { timeout: 600_000 },
  async () => {
    const fake = await startFakeHubSpot({ limits: unlimited })
    const shop = scriptedSource({ now: Date.parse(at) })
    const topics = { news: { channel: 'email', target: '1001', basis: 'CONSENT_WITH_NOTICE' } } as const
    const millrace = createMillrace({
      sources: { shop },
      connections: {
        hubspot: { destination: hubspot({ accessToken: fake.accessToken, baseUrl: fake.url }), contract: { consent: { topics } } },
      },
      store: memoryStore(),
      clock: scaledClock(10),
    })
    try {
      await millrace.apply()
      await millrace.sync()
      await millrace.pause('hubspot')
      for (let index = 0; index < rows / 2; index += 1) shop.put(person(`p${index}`))
      await millrace.sync()
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
      expect(fake.portal.consent.status('leaver@example.com', '1001').status).toBe('UNSUBSCRIBED')
    } finally {
      await millrace.close()
      await fake.close()
    }
  },
)
