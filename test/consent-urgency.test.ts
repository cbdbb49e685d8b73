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

it('with 2,000 rows queued, an opt-out is at the vendor within the next 2 requests of that connection', async () => {
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
    for (let index = 0; index < 2_000; index += 1) shop.put(person(`p${index}`))
    await millrace.sync()
    await millrace.resume('hubspot')
    const changed = new Date(Date.parse(at) + 1000).toISOString()
    shop.setNow(Date.parse(changed))
    shop.put(person('leaver', [denied], changed))
    fake.resetRequests()
    const report = await millrace.sync()
    // Everybody has a row for the profile and one for consent; those who said nothing cost no request.
    expect(report.connections['hubspot']).toMatchObject({ delivered: 2_002, unchanged: 2_000 })
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
})
