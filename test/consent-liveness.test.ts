import { hubspot } from '@millrace/destination-hubspot'
import { startFakeHubSpot, unlimited } from '@millrace/fake-vendors/hubspot'
import { describe, expect, it } from 'vitest'
import { blind, type LivenessVendor, paths, subscribedAfter } from './support/consent-liveness.ts'

const startHubSpot = async (): Promise<LivenessVendor> => {
  const fake = await startFakeHubSpot({ limits: unlimited, searchLagMs: 0 })
  const target = '1001'
  const topic = { channel: 'email', target, basis: 'CONSENT_WITH_NOTICE', explanation: 'Checkbox at the checkout' } as const
  return {
    destination: () => hubspot({ accessToken: fake.accessToken, baseUrl: fake.url }),
    contract: { consent: { authority: 'source', topics: { news: topic } } },
    without: {},
    optOut: (email) => fake.portal.consent.set(email, target, { status: 'UNSUBSCRIBED', at: Date.now() }),
    subscribed: (email) => fake.portal.consent.status(email, target).status === 'SUBSCRIBED',
    plant: (email) => void fake.portal.create('contacts', { email }),
    close: () => fake.close(),
  }
}

const vendors: Record<string, () => Promise<LivenessVendor>> = { hubspot: startHubSpot }

describe.each(Object.entries(vendors))(
  '%s: of 200 who opted out at the destination, 50 give a newer explicit opt-in with evidence',
  (_, start) => {
    it.each(paths)('%s: exactly those 50 are subscribed', async (path) => {
      const vendor = await start()
      try {
        const { subscribed, expected } = await subscribedAfter(vendor, path)
        expect(subscribed).toEqual(expected)
      } finally {
        await vendor.close()
      }
    })

    it.each(paths)('%s: an adapter without guards is found out', async (path) => {
      const vendor = await start()
      try {
        const { subscribed, expected } = await subscribedAfter(vendor, path, blind)
        expect(subscribed).not.toEqual(expected)
      } finally {
        await vendor.close()
      }
    })
  },
)
