import { startFakeActiveCampaign, unlimited } from '@millrace/fake-vendors/activecampaign'
import { startFakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { startFakeCrmOne } from '@millrace/fake-vendors/crm-one'
import { startFakeDotdigital } from '@millrace/fake-vendors/dotdigital'
import { startFakeHubSpot } from '@millrace/fake-vendors/hubspot'

/** A shop with a few customers, and a portal, both on loopback. */
export const startVendors = async () => {
  const shop = await startFakeCommercetools()
  const portal = await startFakeHubSpot()
  const at = '2026-01-01T00:00:00.000Z'
  for (let number = 1; number <= 3; number++) {
    shop.project.add('customer', {
      id: `c${number}`,
      version: 1,
      createdAt: at,
      lastModifiedAt: at,
      email: `buyer-${number}@example.com`,
      firstName: 'Buyer',
      lastName: String(number),
      addresses: [],
      isEmailVerified: true,
      authenticationMode: 'Password',
      stores: [],
    })
  }
  return { shop, portal }
}

/** The other destinations. */
export const startOthers = async () => {
  const account = await startFakeActiveCampaign({ limits: unlimited, importDelayMs: 0, orderLagMs: 0, deepDataLagMs: 0 })
  const mailing = await startFakeDotdigital({ importMs: 0 })
  const crm = await startFakeCrmOne()
  return { account, mailing, crm }
}
