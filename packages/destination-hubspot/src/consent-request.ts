import type { SdkRequest } from './sdk.ts'
import { apiVersion } from './version.ts'

const area = `/communication-preferences/${apiVersion}`
const email = { channel: 'EMAIL' }

const statusPath = (address: string): string => `${area}/statuses/${encodeURIComponent(address)}`

/** The subscription types of the portal. */
export const readDefinitions: SdkRequest = { method: 'GET', path: `${area}/definitions`, query: {}, body: undefined }

/** The statuses of an address, one for each subscription type. */
export const readStatuses = (address: string): SdkRequest => ({ method: 'GET', path: statusPath(address), query: email, body: undefined })

/** Whether an address left everything. */
export const readLeftAll = (address: string): SdkRequest => ({
  method: 'GET',
  path: `${statusPath(address)}/unsubscribe-all`,
  query: email,
  body: undefined,
})

/** Takes an address off everything. It needs no legal basis. */
export const leaveAll = (address: string): SdkRequest => ({
  method: 'POST',
  path: `${statusPath(address)}/unsubscribe-all`,
  query: email,
  body: undefined,
})

/** What is written for one subscription type. */
export interface StatusWrite {
  subscriptionId: number
  statusState: 'SUBSCRIBED' | 'UNSUBSCRIBED'
  legalBasis?: string
  legalBasisExplanation?: string
}

/** Writes one status. HubSpot resubscribes without complaint (vendor notes, "Consent"): the caller must know that it may. */
export const writeStatus = (address: string, write: StatusWrite): SdkRequest => ({
  method: 'POST',
  path: statusPath(address),
  query: {},
  body: JSON.stringify({ ...write, channel: 'EMAIL' }),
})

/** The oldest 200 contacts behind `afterId` of which a property is true, changed since. */
export const searchContacts = (query: {
  property: string
  properties: readonly string[]
  afterId: string
  since: number | undefined
}): SdkRequest => ({
  method: 'POST',
  path: `/crm/objects/${apiVersion}/contacts/search`,
  query: {},
  body: JSON.stringify({
    filterGroups: [
      {
        filters: [
          { propertyName: query.property, operator: 'EQ', value: 'true' },
          { propertyName: 'hs_object_id', operator: 'GT', value: query.afterId },
          ...(query.since === undefined ? [] : [{ propertyName: 'lastmodifieddate', operator: 'GTE', value: String(query.since) }]),
        ],
      },
    ],
    sorts: [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }],
    properties: query.properties,
    limit: 200,
  }),
})
