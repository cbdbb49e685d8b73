import { limits, marketingConsent, transactionalTypes } from './crm-schema.ts'
import type { Route } from './route.ts'

/** Longest values of the built-in fields of a contact: characters, or members of a list. */
const contactFields = [
  { name: 'name.given', type: 'string', maxLength: 100 },
  { name: 'name.family', type: 'string', maxLength: 100 },
  { name: 'emails', type: 'email[]', maxLength: 254, maxItems: 20 },
  { name: 'phones', type: 'phone[]', maxLength: 16, maxItems: 20 },
  { name: 'addresses', type: 'address[]', maxItems: 50 },
  { name: 'locale', type: 'locale', maxLength: 35 },
  { name: 'stores', type: 'string[]', maxLength: 255, maxItems: 200 },
  { name: 'segments', type: 'segments', maxLength: 255 },
]

/** `/schema`: everything a client can check before its first write. */
export const schemaRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/schema',
    scope: 'schema:read',
    handle: ({ crm }) => ({
      status: 200,
      body: {
        contract: 'v1',
        contactFields,
        attributes: Object.fromEntries(
          Object.entries(crm.schema.attributes).map(([resource, definitions]) => [
            resource,
            definitions.map((definition) => ({ required: false, owner: 'source', ...definition })),
          ]),
        ),
        lists: crm.schema.lists,
        pipelines: crm.schema.pipelines,
        activities: { transactionalTypes, marketingConsent },
        limits,
        capabilities: {
          upsert: true,
          bulk: true,
          consent: true,
          erase: true,
          activities: true,
          orders: true,
          deals: true,
          lists: true,
          merge: true,
          optimisticLock: true,
        },
      },
    }),
  },
]
