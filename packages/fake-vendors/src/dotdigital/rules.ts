/**
 * Where the vendor notes got a rule from: the vendor's own documentation or code, reports of third parties, neither, or nothing at all: `assumed` rules
 * fill a gap with the strictest plausible behaviour.
 */
export type Evidence = 'documented' | 'field-report' | 'unverified' | 'assumed'

/** A behaviour of Dotdigital that the fake reproduces. Each has a test of that name over raw HTTP. */
export interface Rule {
  /** Section of the vendor notes, or the vendor's own page. */
  readonly section: string
  /** What stands there (`...` and `; ` join fragments); for assumed rules, why it is so. */
  readonly quote: string
  readonly evidence: Evidence
}

/** Rules as section, quote and evidence (default: documented). */
const ruleTable = {
  // Transport
  'auth-basic': ['Transport', 'HTTP Basic with an API user (one per integration)'],
  'region-wrong-403': ['Transport', 'Wrong region -> 403 "Access is denied"', 'field-report'],
  'region-discovery': ['Transport', 'Discover: `GET https://r1-api.dotdigital.com/v2/account-info`, property ApiEndpoint'],
  'server-time': ['Transport', '`/v2/server-time`'],
  'path-unknown': ['Transport', 'paths and methods that do not exist are 404 and 405', 'assumed'],
  'path-plus-is-space': ['Contacts v3', '**URL-encode the value** (a vendor connector does not; `+` addresses break)'],
  'path-identifier': ['Contacts v3', 'identifier = email, mobileNumber, contactId or custom; 400'],
  'body-shape': ['Errors', 'v3 | `{errorCode,description,details:[{item,description}]}`; v2 | `{message:"Error: ERROR_..."}`'],
  'body-50-mb': ['Contacts v3', 'Import: `PUT /contacts/v3/import` (<= 50 MB'],
  // Rates
  'rate-tiers': ['Transport', 'Tiered limits (low/medium/high/unlimited)'],
  'rate-headers': ['Transport', '`X-RateLimit-Limit/-Remaining/-Reset` (UTC epoch)`/-Scope`'],
  'rate-429': ['Decide first', 'Limits are per minute per account, ... no Retry-After: sleep until `X-RateLimit-Reset`'],
  'rate-window': ['Vendor page: call rate limits', 'at the reset the full limit of the tier is available again'],
  'rate-flat-400': ['Transport', 'Deprecated flat scheme: per hour, 400 `ERROR_APIUSAGE_EXCEEDED`'],
  'rate-polls-unlimited': ['Vendor page: call rate limits', 'polls of imports are in the unlimited tier'],
  // Contacts: single
  'contact-create-409': ['Contacts v3', '`POST /contacts/v3` creates (409)'],
  'contact-patch-upserts': ['Contacts v3', 'Upsert: `PATCH /contacts/v3/{identifier}/{value}?merge-option=`; 200/201/400/409'],
  'contact-put-replaces': ['Contacts v3', '`PUT` on the same path **replaces the whole contact** (404 if absent)'],
  'contact-delete': ['Contacts v3', '`DELETE` 200/404'],
  'contact-delete-leaves-insight': ['Erase', 'Whether contact deletion removes contact-scope insight data: (unverified)', 'unverified'],
  'contact-not-found': ['Errors', '404 | contactNotFound'],
  'contact-identifiers': ['Contacts v3', '`identifiers{email,mobileNumber E.164}`'],
  'contact-custom-identifier': ['Contacts v3', 'identifier = ... or custom: the account must have it'],
  'contact-needs-identifier': ['Contacts v3', 'NoValidIdentifiers: a contact needs one', 'assumed'],
  'contact-id-immutable': ['Vendor page: contacts', 'the contact id cannot be set or changed'],
  'identifier-taken': ['Errors', '409 | identifier belongs to another contact'],
  'identifiers-fold': ['Contacts v3', 'e-mails come back in lower case, mobile numbers without their plus', 'assumed'],
  'new-contact-subscribed': [
    'Decide first',
    '**A new contact defaults to `subscribed`.** When status is omitted, existing contacts keep theirs',
  ],
  'resubscribe-by-default': ['Decide first', '**`resubscribeWithNoChallenge` defaults to true**'],
  'resubscribe-challenge': [
    'Contacts v3',
    '`resubscribeOptions{resubscribeWithNoChallenge, ...}`: with false a mail goes out and the status stays',
  ],
  'verified-double-mail': ['Contacts v3', 'verifiedDouble sends a confirmation email.'],
  'pascal-case-replies': ['Contacts v3', 'Requests use camelCase values, replies PascalCase ("Unknown")'],
  'contact-channel-values': [
    'Contacts v3',
    '`channelProperties.email{emailType plainText|html, optInType ..., status ...}`; unknown members are refused',
  ],
  'contact-barred': ['Contacts v3', 'GloballySuppressed; SuppressedByDomain'],
  'merge-option': ['Decide first', '`overwrite`, `overwrite-if-not-empty`, `overwrite-if-empty`'],
  'merge-option-spelling': ['Decide first', 'Spelling differs by call: ... `overwriteIfNotEmpty`, `overwriteIfEmpty`'],
  'data-field-null-clears': ['Contacts v3', '`dataFields{}` (null **clears** in import)'],
  'data-field-null-single': ['Unverified: probe on a real account', 'PATCH behaviour of dataFields null: it clears nothing', 'unverified'],
  'data-field-must-exist': ['Contacts v3', 'Data fields must exist first'],
  'data-field-type': ['Contacts v3', 'types String, Numeric, Date, Boolean: no value is converted', 'unverified'],
  'lists-only-add': ['Contacts v3', '`lists[]` (1-100; **adds only**)'],
  'lists-must-exist': ['Contacts v3', 'InvalidAddressBookIds'],
  'preferences-must-exist': ['Contacts v3', '`preferences[{id,isOptedIn}]`: the account must have them', 'assumed'],
  'consent-record-complete': ['Contacts v3', '`consentRecords[1-5]{text,dateTimeConsented,url,ipAddress,userAgent}` (**all required**)'],
  // Contacts: list
  'seek-paging': ['Contacts v3', '`GET /contacts/v3?~modified=&~listId=&limit=&marker=` (seek paging)'],
  'filter-form': ['Vendor page: contacts', '`gte::` and a time; created and modified not together'],
  'list-shows-what-is-asked': ['Vendor page: contacts', 'identifiers only unless `data-fields` and `include` ask for more'],
  // Contacts: import
  'contact-import-async': ['Contacts v3', '202 importId; `GET /contacts/v3/import/{id}`: Finished | NotFinished | ...'],
  'contact-imports-25-active': ['Contacts v3', 'max 25 active; 429 | `contacts:tooManyActiveImports`'],
  'contact-import-failure-codes': ['Contacts v3', 'failures[].failures[].failureCode: ApiSchemaViolation, ..., SuppressedByDomain'],
  'contact-match-identifier': ['Contacts v3', 'Body: `matchIdentifier` (required)'],
  'contact-import-match-identifier': ['Contacts v3', '`matchIdentifier` (required); InvalidMatchIdentifier'],
  'contact-import-duplicates': ['Contacts v3', 'Duplicate: an identifier passed twice, or of another contact'],
  'contact-import-parts': ['Vendor page: import status', 'contacts are created or updated, data sets that fail are listed in the failures'],
  'contact-import-unordered': ['Contacts v3', 'summary, created[]/updated[]{contactId,identifiers}: in any order', 'assumed'],
  'contact-import-ends': ['Contacts v3', 'RejectedByWatchdog | Failed | ExceedsAllowedContactLimit'],
  'import-late': [
    'Decide first',
    '**Imports are asynchronous** ...: results only by polling; a slow one is applied after a later one',
    'assumed',
  ],
  'import-not-found': ['Errors', '404: `importNotFound` for an id of nothing, also of the other area'],
  // Version 2
  'list-crud': ['Transport', 'v2: `/v2/address-books`'],
  'list-name': ['Vendor page: address books', 'name up to 128 characters; no two of one name (assumed)'],
  'list-not-found': ['Transport', 'v2: a list or member that does not exist is 404', 'assumed'],
  'data-field-crud': ['Contacts v3', '`POST /v2/data-fields`'],
  'data-field-name': ['Vendor page: data fields', 'up to 20 characters, alphanumeric, hyphen and underscore'],
  'data-field-definition': ['Vendor page: data fields', 'String, Numeric, Date, Boolean; Private, Public; system fields stay'],
  'data-field-exists': ['Vendor page: data fields', 'a name can be taken once, in any case', 'assumed'],
  'data-field-not-found': ['Vendor page: data fields', 'deleting what is not there is 404', 'assumed'],
  'v2-select': ['Vendor page: contacts v2', 'select 1 to 1000, skip'],
  'unsubscribed-since': ['Transport', '`/v2/contacts/unsubscribed-since/{date}`'],
  'suppressed-since': ['Transport', '`/suppressed-since/{date}`: unsubscribed ones too (assumed)'],
  'since-date': ['Transport', '{date} is of ISO 8601', 'assumed'],
  'resubscribe-v2': ['Transport', '`/v2/contacts/resubscribe[-with-no-challenge]`'],
  'resubscribe-known': ['Transport', 'only who is known and has left can come back', 'assumed'],
  // Insight data
  'collection-name': ['Insight data v3', 'Name `^[-A-Za-z_][-A-Za-z0-9_]{1,255}$`'],
  'collection-catalog-prefix': ['Insight data v3', '`catalog_*` | name must start `catalog_`'],
  'collection-scope-and-type': ['Insight data v3', 'collectionScope account|contact; Types: cartInsight, catalog, ...'],
  'collection-fixed': ['Insight data v3', 'scope and type of a collection do not change', 'assumed'],
  'collection-create': ['Insight data v3', '`POST /collections/{c}?collectionScope&collectionType`: 201, 200 when it exists'],
  'collection-cap': ['Errors', '412 | > 1000 collections'],
  'collection-not-found': ['Errors', '404 | collectionNotFound'],
  'insight-import-creates': ['Insight data v3', 'upsert by key; creates the collection'],
  'insight-imports-5-active': ['Insight data v3', '**max 5 concurrent**'],
  'insight-status-words': [
    'Insight data v3',
    'schema says NotStarted/Processing/Complete/Failed; example and vendor code use "Finished": **accept both**',
  ],
  'insight-contact-must-exist': ['Decide first', '**Contacts must exist before their orders, carts and events**'],
  'insight-schema-locks': ['Decide first', "**First record locks a collection's JSON schema**: keep number types stable"],
  'insight-schema-extends': ['Insight data v3', 'Schema: later records must fit and may extend. `GET .../collections/{c}/schema`'],
  'insight-nested-array': [
    'Insight data v3',
    'JsonContainsNestedArray: also behind an object, such as sub_items in products',
    'unverified',
  ],
  'insight-limits': [
    'Insight data v3',
    'InvalidClientKey, JsonKeyTooLong, JsonKeyInvalidCharacters, JsonValueTooLong, JsonNumberValueTooLarge',
  ],
  'insight-duplicate-key': ['Insight data v3', 'DuplicateKey: twice in one import', 'assumed'],
  'insight-key-per-contact': ['Insight data v3', 'the same key under two contacts is two records', 'assumed'],
  'insight-single-put': ['Insight data v3', '`PUT /insightData/v3/account/{coll}/{id}` or `/contacts/...`: 201 created, 204 replaced'],
  'record-not-found': ['Vendor page: insight data', '404 recordNotFound on read and delete'],
  'insight-bulk-delete': ['Insight data v3', 'Bulk delete 1-5000 keys'],
  'insight-pages': ['Vendor page: insight data', 'records in pages of up to 1000, by marker'],
  // Events
  'event-import': ['Events v3', '`POST /events/v3/import [{contactIdentity,type,id,eventTimestamp,...}]` -> 202'],
  'event-limits': ['Events v3', 'type (<= 80); summary <= 160; up to 5000 events'],
  'event-timestamp': ['Vendor page: events', 'eventTimestamp is of ISO 8601; the time of processing without it'],
  'event-id-same-record': ['Events v3', 'Has an id **and** a timestamp: ... safe to backfill'],
  'event-contact-must-exist': ['Decide first', 'Contacts must exist before their ... events; nothing tells that one was dropped'],
  'event-type-reserved': ['Vendor page: events', 'a type must not be one of the standard types of collections'],
  'event-needs-cxdp': ['Vendor page: events', 'the account package must include it'],
} as const

/** Id of a rule. */
export type RuleId = keyof typeof ruleTable

/** Every rule by its id. A refused request names its rule in `requests[n].rule`. */
export const dotdigitalRules: Readonly<Record<string, Rule>> = Object.fromEntries(
  Object.entries<readonly [section: string, quote: string, evidence?: Evidence]>(ruleTable).map(
    ([id, [section, quote, evidence = 'documented']]) => [id, { section, quote, evidence }],
  ),
)
