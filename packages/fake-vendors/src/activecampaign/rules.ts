/**
 * Where the vendor notes got a rule from: the vendor's own documentation or code, reports of third parties, neither, or nothing at all: `assumed` rules
 * fill a gap with the strictest plausible behaviour.
 */
export type Evidence = 'documented' | 'field-report' | 'unverified' | 'assumed'

/** A behaviour of ActiveCampaign that the fake reproduces. Each has a test of that name over raw HTTP. */
export interface Rule {
  /** Section of the vendor notes, or the other source. */
  readonly section: string
  /** What stands there (`...` and `; ` join fragments); for assumed rules, why it is so. */
  readonly quote: string
  readonly evidence: Evidence
}

/** Rules as section, quote and evidence (default: documented). */
const ruleTable = {
  // Transport
  'auth-403': ['Decide first', '**Missing or wrong token is 403, not 401**'],
  'rate-per-second': [
    'Decide first',
    '**5 requests per second per account**, shared by all keys, REST and GraphQL alike; 429 with `Retry-After: <seconds>`',
  ],
  'rate-headers': ['Transport', 'headers `RateLimit-Limit`, `RateLimit-Remaining`'],
  'rate-hammering-503': ['Transport', 'Hammering can give 503 with HTML', 'field-report'],
  'path-unknown': ['Errors', 'paths and methods that are not served give 404 and 405', 'assumed'],
  'body-shape': ['Errors', '| 400 | sometimes `{}` | permanent |'],
  'field-missing': ['Errors', '422 | `{"errors":[{"title","detail","code":"duplicate"|"field_missing"|..,"source":{"pointer"...}}]}`'],
  'field-invalid': ['Errors', '422 for a flag that is neither 0 nor 1', 'assumed'],
  'not-found': ['Errors', '404 | `{"message":"No Result found for Subscriber with id 1"}`'],
  'related-missing': ['Errors', '422 for a reference to a connection or customer that does not exist', 'assumed'],
  'page-20-rows': ['Transport', 'Paging: `limit` (default 20, max 100) + `offset`, `meta.total`'],
  'fields-page-20-rows': ['Transport', '**`/fields` returns 20 rows without limit=100**'],
  'string-values': ['Transport', 'nearly every number is a **string** ("14", "1")'],
  // Contacts
  'contact-sync': ['Contacts, fields, lists, tags', 'Upsert: `POST /contact/sync` (singular) by email; documented 201, accept 200'],
  'contact-sync-new-email': ['Decide first', 'email change through contact/sync creates a second contact'],
  'contact-duplicate': ['Contacts, fields, lists, tags', '`POST /contacts` -> 422 `duplicate`'],
  'contact-email-change': ['Contacts, fields, lists, tags', 'Email change: `PUT /contacts/{id}`'],
  'contact-email-folded': ['Decide first', 'contacts are keyed by email: case does not make another contact', 'assumed'],
  'contact-filters': [
    'Contacts, fields, lists, tags',
    'email, email_like, id_greater, status, listid, tagid, filters[created_after|updated_after]',
  ],
  'contact-delete': ['Erase', '`DELETE /contacts/{id}` -> 200 `{}`'],
  'email-invalid': ['Errors', '422 for an address that is no address', 'assumed'],
  'email-excluded': ['Consent summary', 'contacts of excluded addresses cannot be created one by one either', 'assumed'],
  // Lists
  'list-resubscribe': ['Decide first', '**List status 1 resubscribes a person who unsubscribed by hand.**'],
  'list-status-codes': ['Contacts, fields, lists, tags', 'Status 200 (also when it existed) or 201'],
  'list-status-writable': ['Contacts, fields, lists, tags', 'Write 1 = subscribe, 2 = unsubscribe; read also 0 unconfirmed, 3 bounced'],
  'list-status-freshness': ['Contacts, fields, lists, tags', 'Freshness of a status: `udate`'],
  'list-exclusions': ['Consent summary', 'Exclusions: `/lists/exclusions` (GET/PUT); the shape of the body is a guess', 'unverified'],
  // Fields
  'field-type': [
    'Contacts, fields, lists, tags',
    'types text, textarea, date, datetime, dropdown, listbox, radio, checkbox, hidden, number, NULL',
  ],
  'field-title-duplicate': ['Contacts, fields, lists, tags', 'duplicate title -> 422'],
  'field-options': ['Contacts, fields, lists, tags', 'Options: `POST /fieldOption/bulk`'],
  'field-invisible-until-related': [
    'Contacts, fields, lists, tags',
    '**Invisible until related**: `POST /fieldRels ...` (0 = all lists) and `POST /groupMembers ...`',
  ],
  'field-by-numeric-id': ['Contacts, fields, lists, tags', 'address fields by numeric id, never by personalisation tag'],
  'value-form': [
    'Contacts, fields, lists, tags',
    'multi `||a||b||`; date `2018-12-31`; datetime ISO with offset: others are refused',
    'assumed',
  ],
  // Tags
  'tag-type': ['Contacts, fields, lists, tags', '`POST /tags {tag:{tag,tagType:"contact",description}}`'],
  'tag-duplicate': ['Contacts, fields, lists, tags', 'a tag exists once by name', 'assumed'],
  'contact-tag-codes': [
    'Contacts, fields, lists, tags',
    '`POST /contactTags {contactTag:{contact,tag}}` 201/404/422; removal `DELETE /contactTags/{assocId}`',
  ],
  // Bulk import
  'import-queued': [
    'Bulk import',
    '200 `{"Success":1,"queued_contacts":n,"batchId"}`, then `GET /import/info?batchId=` -> `{status,success:[ids],failure:[emails]}`',
  ],
  'import-key-case': ['Bulk import', 'Key case varies (Success/success).'],
  'import-cap-250': ['Bulk import', '<= 250 contacts'],
  'import-cap-bytes': ['Bulk import', 'body < 400,000 bytes'],
  'import-rate-400': [
    'Errors',
    '`["Up to 100 imports may be requested per minute..."]` | **the second is a rate limit: back off**; 20 requests/min with one contact, 100/min otherwise',
  ],
  'import-validation': ['Errors', '400 on bulk_import | `{success:0,message,failureReasons:[{contact,failureReason}]}`'],
  'import-one-status': ['Bulk import', 'subscribe[{listid}], unsubscribe[{listid}]: not both for one list', 'assumed'],
  'import-silent-failures': ['Bulk import', 'Excluded and bounced addresses **fail silently**'],
  'import-no-resubscribe': ['Bulk import', '**Cannot subscribe somebody who unsubscribed** (safe).'],
  'import-creates-tags': ['Contacts, fields, lists, tags', 'No bulk tag call; bulk_import creates tags'],
  'import-automations-run': ['Bulk import', 'exclude_automations (...; default: automations **run**)'],
  'import-queue-counts': ['Bulk import', "`GET /import/bulk_import` = today's queue counts"],
  // Events
  'event-form-encoded': [
    'Events, custom objects, webhooks',
    'form encoded: actid, key ..., event (<= 32 chars), eventdata, visit=`{"email":".."}`',
  ],
  'event-key': ['Events, custom objects, webhooks', 'key (**event key, not Api-Token**)'],
  'event-success-0': ['Errors', '| 200 + `success:0` | event tracking | failure inside a 200 |'],
  'event-tracking-enabled': ['Events, custom objects, webhooks', 'Needs `PUT /eventTracking {enabled}`'],
  'event-name-length': ['Events, custom objects, webhooks', 'event (<= 32 chars)'],
  'event-name-known': ['Unverified: probe on a real account', 'Event names unknown to the account', 'unverified'],
  'event-name-duplicate': ['Events, custom objects, webhooks', 'names by `/eventTrackingEvents`; a name exists once', 'assumed'],
  'event-visit-email': ['Events, custom objects, webhooks', 'visit=`{"email":".."}`; an event of nobody is refused', 'assumed'],
  'event-no-timestamp': ['Events, custom objects, webhooks', '**No timestamp, no id**: at most once'],
  // Deep Data
  'connection-required': [
    'Commerce',
    '`POST /connections {service,externalid,name,logoUrl,linkUrl,listId}` (all but listId required) -> 200',
  ],
  'connection-duplicate': ['Commerce', 'one per project/store: service and externalid exist once', 'assumed'],
  'connection-filters': ['Commerce', 'Find by filters[service], filters[externalid]'],
  'ecom-customer-per-connection': ['Commerce', 'one row per connection (same email in N stores = N rows)'],
  'ecom-customer-duplicate': ['Commerce', 'one row per connection: external id and address exist once in it', 'assumed'],
  'ecom-customer-no-subscription': ['Commerce', 'acceptsMarketing is a segment flag, **not** a subscription'],
  'ecom-order-required': [
    'Commerce',
    'source ..., email, orderProducts[...], totalPrice ..., currency ISO3, connectionid, customerid, externalCreatedDate; a misfit is a 422',
    'assumed',
  ],
  'ecom-order-identity': ['Commerce', 'externalid XOR externalcheckoutid'],
  'ecom-order-duplicate': ['Unverified: probe on a real account', 'duplicate error of ecomOrders', 'unverified'],
  'ecom-order-filters': [
    'Commerce',
    'look up filters[externalid or externalcheckoutid] + filters[connectionid], then POST/PUT (no upsert)',
  ],
  'ecom-amount-cents': ['Decide first', '**Amounts differ**: REST = integer cents and **unit** price'],
  'ecom-discounts-array': ['Commerce', 'orderDiscounts[{name,type order|shipping,discountAmount}] (array)'],
  'ecom-order-products': ['Commerce', '`/ecomOrderProducts` (read)'],
  'ecom-source-automations': ['Commerce', 'source (0 historical, 1 real time; only 1 fires automations and the dashboard)'],
  'ecom-abandoned-date': ['Commerce', '**Abandoned cart**: externalid null, externalcheckoutid set, abandoned date in the past, source 1'],
  'ecom-abandoned-date-spelling': ['Commerce', '**Key name conflict**: ... `abandonedDate`; the docs page says `abandoned_date`'],
  'ecom-cart-to-order': ['Commerce', 'Without GraphQL: PUT with externalid'],
  'ecom-order-delete': ['Clients and peers', '**deletes** the AC order on cancel'],
  // GraphQL
  'graphql-syntax': [
    'Commerce',
    '`POST /api/3/ecom/graphql`: documents that cannot be parsed, and fragments and directives, are refused',
    'assumed',
  ],
  'graphql-variables': ['Commerce', 'variables are declared, and required ones given', 'assumed'],
  'graphql-grammar-tokens': ['Commerce', '"More than 15000 grammar tokens": use variables, split'],
  'graphql-unknown-field': ['Commerce', 'GraphQL refuses fields and arguments that its schema lacks', 'assumed'],
  'graphql-unknown-input': [
    'Commerce',
    'GraphQL refuses members of inputs that its schema lacks; the list of members is a reading of the notes',
    'assumed',
  ],
  'graphql-input-type': [
    'Commerce',
    'id = GraphQL legacyConnectionId (Int); normalizedStatus PENDING, COMPLETED, ...; others refuse the whole request',
    'assumed',
  ],
  'graphql-record-errors': [
    'Commerce',
    '`{"errors":[{"message":"Validation errors","extensions":{"<idx>-storeOrderId-<id>":".."}}]}`: drop the named records, resend the rest',
  ],
  'graphql-order-required': ['Commerce', 'Required on an order: storeOrderId, legacyConnectionId, storeCreatedDate, finalAmount'],
  'graphql-line-connection': ['Commerce', 'lineItem.legacyConnectionId "required" but absent in examples', 'unverified'],
  'graphql-order-upsert': ['Commerce', 'legacyConnectionId + storeOrderId: true upsert'],
  'graphql-order-patch': ['Commerce', 'orders patch as products do: null clears, absent keeps, lines are replaced', 'assumed'],
  'graphql-async-record-id': ['Commerce', 'bulkUpsertOrdersAsync (vendor-recommended; returns recordId only)'],
  'graphql-people-at-once': ['Commerce', 'An order write also creates or updates contact and ecomCustomer.'],
  'graphql-order-lag': [
    'developers.activecampaign.com, Orders',
    'Asynchronously (usually within a few seconds), the Custom Object records are written.',
  ],
  'graphql-copy-delayed': ['Decide first', 'orders go to the ecommerce **GraphQL** API (copied to Deep Data)'],
  'graphql-copy-one-way': ['Decide first', 'Orders written to REST are never copied back.'],
  'graphql-line-total': ['Commerce', 'decimals, `lineItem.priceAmount` = line total'],
  'graphql-cart-becomes-order': ['Commerce', 'GraphQL order with `cartId` = externalcheckoutid, and the REST cart becomes an order'],
  'graphql-historical': ['Commerce', 'creationSource HISTORICAL|REAL_TIME'],
  'graphql-sms-consent': ['Commerce', '**SMS consent**: `customerData.{smsMarketingState ..., smsOptInLevel ..., smsConsentUpdatedDate}`'],
  'graphql-product-patch': ['Commerce', 'key legacyConnectionId + storePrimaryId; patch semantics, **null clears, absent keeps**'],
  'graphql-product-merge': ['Commerce', 'duplicates in one request are silently merged'],
  'graphql-search-limit': ['Commerce', 'getOrder, searchOrder (limit <= 100)'],
  'graphql-search-filters': [
    'developers.activecampaign.com, Searches',
    'If a filter has a value populated, it requires a filterOperator: EQ, LT, LTE, GT, GTE, CONTAINS, IN',
  ],
} as const

/** Id of a rule. */
export type RuleId = keyof typeof ruleTable

/** Every rule by its id. A refused request names its rule in `requests[n].rule`. */
export const activeCampaignRules: Readonly<Record<string, Rule>> = Object.fromEntries(
  Object.entries<readonly [section: string, quote: string, evidence?: Evidence]>(ruleTable).map(
    ([id, [section, quote, evidence = 'documented']]) => [id, { section, quote, evidence }],
  ),
)
