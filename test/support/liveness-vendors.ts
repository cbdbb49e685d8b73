import { activecampaign } from '@millrace/destination-activecampaign'
import { crmOne } from '@millrace/destination-crm-one'
import { hubspot } from '@millrace/destination-hubspot'
import { marketing } from '@millrace/destination-marketing'
import { startFakeActiveCampaign, unlimited as unlimitedActiveCampaign } from '@millrace/fake-vendors/activecampaign'
import { startFakeCrmOne } from '@millrace/fake-vendors/crm-one'
import { startFakeDotdigital, unlimited as unlimitedDotdigital } from '@millrace/fake-vendors/dotdigital'
import { startFakeHubSpot, unlimited } from '@millrace/fake-vendors/hubspot'
import type { LivenessVendor } from './consent-liveness.ts'

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

const startActiveCampaign = async (): Promise<LivenessVendor> => {
  const fake = await startFakeActiveCampaign({ limits: unlimitedActiveCampaign, importDelayMs: 0, orderLagMs: 0, deepDataLagMs: 0 })
  const { account, apiToken } = fake
  const list = account.addList('News')
  return {
    destination: () => activecampaign({ apiUrl: fake.url, apiToken }),
    contract: { consent: { authority: 'source', topics: { news: { channel: 'email', target: 'News' } } } },
    without: {},
    optOut: (email) => account.setStatus(email, list, '2'),
    subscribed: (email) => account.contactOf(email)?.lists[list] === '1',
    plant: (email) => void account.contact({ email }),
    close: () => fake.close(),
  }
}

const startDotdigital = async (): Promise<LivenessVendor> => {
  // What the person does comes later than the contact was made: an account never shows both in one moment.
  let behindMs = 60_000
  const fake = await startFakeDotdigital({ limits: unlimitedDotdigital, importMs: 0, now: () => Date.now() - behindMs })
  const { account, username, password } = fake
  const listId = account.addList('Shop')
  const plant = (email: string): void => {
    // Nobody gets a mail to leave by who was not subscribed.
    const channelProperties = { email: { status: 'subscribed', optInType: 'single' } }
    if (account.contactOf(email) === undefined) account.addContact({ identifiers: { email }, channelProperties })
  }
  return {
    destination: () => marketing({ baseUrl: fake.url, username, password, listId }),
    contract: { consent: { authority: 'source' } },
    without: { consent: { topics: { newsletter: null } } },
    optOut(email) {
      plant(email)
      behindMs = 0
      account.unsubscribe(email)
    },
    subscribed(email) {
      // Whoever gets a mail that asks for confirmation says yes.
      if (account.mails().some(({ to }) => to === email)) account.confirm(email)
      return account.contactOf(email)?.email?.status === 'subscribed'
    },
    plant,
    close: () => fake.close(),
  }
}

const startCrmOne = async (): Promise<LivenessVendor> => {
  const fake = await startFakeCrmOne()
  const { crm, token } = fake
  const idOf = (email: string): string => crm.contactOf(email)?.id ?? crm.create({ emails: [{ value: email, primary: true }] })
  const none = { email: null, sms: null, phone: null, post: null, push: null }
  return {
    destination: () => crmOne({ baseUrl: fake.url, token }),
    contract: { consent: { authority: 'source' } },
    without: { consent: { topics: none } },
    optOut: (email) => crm.withdraw(idOf(email), 'email', 'marketing'),
    subscribed: (email) =>
      crm.contactOf(email)?.consents.some(({ channel, status }) => channel === 'email' && status === 'granted') === true,
    plant: (email) => void idOf(email),
    close: () => fake.close(),
  }
}

/** Every vendor that holds consent, with nobody in it. */
export const livenessVendors: Readonly<Record<string, () => Promise<LivenessVendor>>> = {
  hubspot: startHubSpot,
  activecampaign: startActiveCampaign,
  marketing: startDotdigital,
  'crm-one': startCrmOne,
}
