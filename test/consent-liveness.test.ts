import { describe, expect, it } from 'vitest'
import { left, paths, subscribedAfter } from './support/consent-liveness.ts'
import { livenessVendors } from './support/liveness-vendors.ts'

describe.concurrent.each(Object.entries(livenessVendors))(
  '%s: of 200 who opted out at the destination, 50 give a newer explicit opt-in with evidence',
  (_, start) => {
    it.each(paths)('%s: exactly those 50 are subscribed', async (path) => {
      const vendor = await start()
      try {
        const { subscribed, expected } = await subscribedAfter(vendor, path)
        expect(expected).toHaveLength(50)
        expect(subscribed).toEqual(expected)
      } finally {
        await vendor.close()
      }
    })

    it.each(paths)('%s: an adapter without guards is found out', async (path) => {
      const vendor = await start()
      try {
        const { subscribed, expected } = await subscribedAfter(vendor, path, { people: 8, mutate: left() })
        expect(subscribed.filter((email) => !expected.includes(email))).not.toEqual([])
      } finally {
        await vendor.close()
      }
    })
  },
)
