/**
 * Where the vendor notes got a rule from: the vendor's own documentation or code, reports of third parties, neither, or nothing at all: `assumed` rules
 * fill a gap with the strictest plausible behaviour.
 */
export type Evidence = 'documented' | 'field-report' | 'unverified' | 'assumed'

/** A behaviour of HubSpot that the fake reproduces. Each has a test of that name over raw HTTP. */
export interface Rule {
  /** Section of the vendor notes, or the other source. */
  readonly section: string
  /** What stands there (`...` and `; ` join fragments); for assumed rules, why it is so. */
  readonly quote: string
  readonly evidence: Evidence
}

/** Rules as section, quote and evidence (default: documented). */
const ruleTable = {
  // Paths and shapes
  'path-dated-and-legacy': ['Versions and paths', '| `/crm/v3/objects/{t}` | `/crm/objects/2026-03/{t}` |'],
  'path-unknown': ['Errors to classify', '| 404 | not found (also merged/erased ids) |'],
  'content-type-always': ['Emulator must reproduce', 'Content-Type always'],
  'body-shape': ['Emulator must reproduce', 'exact status codes: JSON of the wrong shape is a 400', 'assumed'],
  'object-type-unknown': ['Commerce objects', 'Object type ids: contact 0-1, company 0-2, deal 0-3, ...'],
  'object-not-found': ['Errors to classify', '| 404 | not found (also merged/erased ids) |'],
  // Credential
  'auth-invalid-token': ['Errors to classify', '| 401 | INVALID_AUTHENTICATION, EXPIRED_AUTHENTICATION |'],
  'auth-expired-token': ['Errors to classify', '| 401 | INVALID_AUTHENTICATION, EXPIRED_AUTHENTICATION |'],
  'auth-missing-scopes': ['Errors to classify', '403 | MISSING_SCOPES; `errors[].message` names the scopes', 'field-report'],
  'token-info': [
    'Auth',
    'https://developers.hubspot.com/docs/api/private-apps: POST /oauth/v2/private-apps/get/access-token-info with `tokenKey` gives userId, hubId, appId, scopes',
  ],
  // Rates
  'rate-burst-rolling': ['Rate limits', 'burst per app per 10 s | Free+Starter 100; Professional and Enterprise 190'],
  'rate-headers': [
    'Rate limits',
    'Headers: `X-HubSpot-RateLimit-Max`, `-Remaining`, `-Interval-Milliseconds` (10000), `-Daily`, `-Daily-Remaining`',
  ],
  'rate-429-body': [
    'Rate limits',
    '{"status":"error","message":"You have reached your ten_secondly_rolling limit.","errorType":"RATE_LIMIT",...}',
    'field-report',
  ],
  'rate-no-retry-after': ['Rate limits', 'Retry-After is not documented on API 429s.'],
  'rate-daily': ['Rate limits', 'Daily per account, shared by all apps; counters reset at midnight account time zone'],
  'rate-search': [
    'Rate limits',
    'CRM search | 5 req/s **per account**; no rate headers on replies; "You have reached your secondly limit."',
    'field-report',
  ],
  'rate-associations-burst': ['Rate limits', 'Associations | own table: Free/Starter 100/10 s, Pro+Ent 150/10 s'],
  'rate-associations-daily': ['Rate limits', 'Associations | own table: ... 500,000/day'],
  'rate-events': ['Rate limits', 'Custom event send | 1,250 req/s'],
  // Batches
  'batch-cap-100': ['Batch writes', 'Cap **100 inputs** for object batch create/read/update/upsert/archive; 101 -> 400.'],
  'batch-empty': ['Batch writes', 'a batch without inputs is refused', 'assumed'],
  'batch-status-codes': ['Batch writes', 'batch/create **201**; upsert/update/read **200**; partial **207**'],
  'batch-207-with-trace-ids': ['Batch writes', 'writes valid rows and lists bad rows **if every input has a trace id**', 'field-report'],
  'batch-whole-without-trace-ids': ['Batch writes', 'otherwise one bad row writes nothing', 'field-report'],
  'batch-update-unknown-id': [
    'Batch writes',
    'may lack it (batch/update of an unknown id: `{"category":"OBJECT_NOT_FOUND","context":{"ids":[..]}}`',
    'field-report',
  ],
  'batch-unordered-results': ['Batch writes', 'Results come unordered and emails are lower-cased', 'field-report'],
  'batch-duplicate-ids': [
    'Batch writes',
    'whole request 400 `"Duplicate IDs found in batch input: [X]. IDs must be unique"`, with or without trace ids',
    'field-report',
  ],
  'batch-two-ids-one-record': ['Batch writes', 'Two ids resolving to one record are rejected too', 'field-report'],
  'upsert-result-shape': ['Batch writes', 'Reply `results[]: {id,new,properties,createdAt,updatedAt,archived,objectWriteTraceId?,url?}`'],
  'upsert-no-associations': ['Decide first', '**Upserts cannot carry associations**'],
  'upsert-by-email-partial': ['Batch writes', '**Upsert by `email` does not support partial updates**, says the vendor guide'],
  'id-property-unique': [
    'Batch writes',
    '400 "Unable to perform update/upsert by non-unique 0-3 property ..."; `hs_object_id` is not accepted',
    'field-report',
  ],
  'id-property-one-per-request': ['Batch writes', 'Use one idProperty per request (mixing: unverified).', 'unverified'],
  'read-by-id-property': ['Batch writes', '`idProperty` must have `hasUniqueValue` (or be contact `email`)'],
  'batch-read-history-cap-50': ['Public reports', 'batch/read with propertiesWithHistory takes 50 inputs', 'field-report'],
  'list-cap-100': ['Emulator must reproduce', '100 cap; list pages follow it', 'assumed'],
  'conflict-existing-id': [
    'Batch writes',
    '409 `{"status":"error","message":"Contact already exists. Existing ID: 51","category":"CONFLICT"}`; inside 207: ...existingId',
    'field-report',
  ],
  'unique-value-taken': ['Errors to classify', 'Cannot set PropertyValueCoordinates{...} on N. M already has that value', 'field-report'],
  // Validation
  'validation-json-in-message': ['Errors to classify', 'The JSON array sits **as a string inside `message`**', 'field-report'],
  'validation-errors-may-be-absent': ['Errors to classify', '`errors[]` may be absent: parse both', 'field-report'],
  'property-unknown': ['Errors to classify', 'One unknown property fails the whole input.'],
  'value-is-string': ['Properties', 'Values are strings.'],
  'value-clear-with-empty': ['Properties', '**Clear with `""`**, not null.'],
  'value-number': ['Properties', 'Numbers plain decimal with a period; INVALID_LONG'],
  'value-bool': ['Properties', 'bool "true"/"false"'],
  'value-date': ['Properties', 'epoch ms at 00:00:00Z or `YYYY-MM-DD`'],
  'value-date-midnight': ['Properties', '**date = midnight UTC**; other times error'],
  'value-datetime': ['Properties', 'datetime = epoch ms or ISO-8601 UTC'],
  'value-option': ['Properties', 'enumeration: exact internal value'],
  'value-checkbox-replaces': ['Properties', 'Multi-checkbox `a;b` **replaces**; leading `;` (`;c`) appends', 'unverified'],
  'value-length': ['Properties', 'Text cap 65,536 chars', 'unverified'],
  'value-email': ['Identity', 'Emails are validated strictly (a typo TLD gives INVALID_EMAIL)'],
  'value-read-only': ['Errors to classify', 'READ_ONLY_VALUE (only from a third-party simulator)', 'field-report'],
  // Identity
  'email-lower-cased': ['Batch writes', 'emails are lower-cased', 'field-report'],
  'contact-needs-identity': ['Identity', 'Create needs at least one of email/firstname/lastname.'],
  'lifecycle-forward-only': ['Identity', '`lifecyclestage` only moves forward; to go back write `""`, then the new value in a second call'],
  'additional-emails-unique': [
    'Identity',
    '`hs_additional_emails` (`;`-joined) are globally unique too; only legacy `/contacts/v1/secondary-email/{vid}/{email}` writes them',
  ],
  'additional-email-upsert': ['Identity', 'Whether upsert by email matches an additional email: (unverified)', 'unverified'],
  'email-swaps-with-own-additional': ['Identity', 'an address is held once: changing to an own additional email swaps the two', 'assumed'],
  'email-change-to-additional': [
    'Identity',
    "Changing `email` to another contact's additional email: behaviour inconsistent across reports; tolerate 400 or 409",
    'field-report',
  ],
  'merge-new-id': ['Identity', '-> 200 with a **new record id**; `hs_merged_object_ids` lists old ids'],
  'merge-redirects': ['Identity', 'old ids redirect'],
  'merge-keeps-primary-id': ['Identity', 'except in portals with the Primary ID Preservation beta'],
  'merge-identities-250': ['Errors to classify', '| 414 | URI too long, or > 250 identities on merge |'],
  'archive-recycle-bin': ['Identity', 'Archive = recycle bin, restorable 90 days.'],
  'erase-permanent': ['Erase', '`POST .../contacts/gdpr-delete {objectId,idProperty?:"email"}` -> 204, permanent'],
  'erase-unknown-email-blocklists': ['Erase', '**Unknown email -> email is blocklisted.**'],
  'erase-keeps-associated': ['Erase', 'Contacts only; associated orders and deals keep their content'],
  // Search
  'search-index-lag': ['Batch writes', 'Search index lags writes by seconds: **never search before create**', 'field-report'],
  'search-caps': ['Batch writes', '200 per page, 10,000 results per query, 5 filter groups x 6 filters, 18 in total', 'field-report'],
  // Commerce objects
  'deal-required': ['Commerce objects', '`dealname`, `dealstage` (internal id), `pipeline` if several'],
  'deal-not-hs-pipeline': ['Commerce objects', '**Not** hs_pipeline/hs_stage (400/404, field report)', 'field-report'],
  'deal-currency-enabled': ['Commerce objects', 'deal_currency_code must be enabled'],
  'stage-of-its-pipeline': ['Commerce objects', '`dealstage` (internal id), `pipeline` if several; stage ids are portal specific'],
  'order-name-required': ['Commerce objects', 'Always send `hs_order_name`.'],
  'order-external-id-unique': [
    'Commerce objects',
    '`hs_external_order_id` behaves unique in the field ("already has that value"), undocumented: use as key only if the property reports `hasUniqueValue:true`',
    'field-report',
  ],
  'product-sku-unique': ['Commerce objects', '`hs_sku` is unique-enforced (field report): shared SKUs break', 'field-report'],
  'product-not-associated': ['Commerce objects', 'product | cannot be associated directly, only through line items'],
  'line-item-price-not-negative': ['Commerce objects', 'price (>= 0); Refund/discount lines cannot be negative'],
  'line-item-quantity-not-negative': ['Commerce objects', 'Refund/discount lines cannot be negative'],
  'line-item-amount-computed': ['Commerce objects', 'amount (computed)'],
  // Property definitions
  'property-required-fields': ['Properties', 'Required on create: name, label, type, fieldType, groupName'],
  'property-group-exists': ['Properties', 'groupName (group must exist)'],
  'property-group-in-use': ['Properties', 'a group that still holds properties stays', 'assumed'],
  'property-group-duplicate': ['Properties', 'Creating an existing property -> 409, groups likewise', 'assumed'],
  'property-type-pairing': ['Properties', 'Pairing is validated: bool->booleancheckbox; ...'],
  'property-name': ['Properties', 'Name: lower-case letters, digits, underscore, starts with a letter'],
  'property-name-immutable': ['Properties', 'Name: ... immutable'],
  'property-name-length': ['Properties', 'Max 100 chars', 'unverified'],
  'property-name-reserved': ['Properties', 'reserved `hs_` prefix', 'unverified'],
  'property-exists': ['Properties', 'Creating an existing property -> 409', 'unverified'],
  'property-not-found': ['Errors to classify', '| 404 | not found (also merged/erased ids) |'],
  'property-option-complete': ['Properties', 'each needs label, value, displayOrder, hidden'],
  'property-option-unique': ['Properties', 'option values and labels are distinct', 'assumed'],
  'property-options-replaced': ['Properties', 'PATCH with the **full** options list (omitted ones vanish)'],
  'property-unique-max-10': ['Identity', 'up to **10** custom `hasUniqueValue` properties per object'],
  'property-unique-type': ['Identity', 'unique values need a type that can be compared', 'assumed'],
  'property-unique-immutable': ['Identity', '`hasUniqueValue` cannot change after creation'],
  'property-own-definition-read-only': ['Properties', "HubSpot's own definitions cannot be changed or archived", 'assumed'],
  'property-batch-cap-100': ['Batch writes', 'Property batch create 100', 'unverified'],
  // Pipelines
  'pipeline-ids-portal-specific': ['Commerce objects', 'stage ids are portal specific'],
  'pipeline-object-type': [
    'Commerce objects',
    'Order pipelines: `/crm/pipelines/{v}/orders`; deals have theirs, other types none',
    'assumed',
  ],
  'pipeline-not-found': ['Errors to classify', '| 404 | not found (also merged/erased ids) |'],
  'pipeline-label-unique': ['Commerce objects', 'labels of pipelines and stages are distinct', 'assumed'],
  'pipeline-deal-probability': [
    '@hubspot/api-client',
    'for `deals` pipelines the probability field is required, 0.0 to 1.0 in increments of 0.1',
  ],
  'pipeline-in-use': ['@hubspot/api-client', 'validateReferencesBeforeDelete; a stage in use is kept without being asked', 'assumed'],
  // Associations
  'association-default': ['Associations', 'batch/associate/default {inputs:[{from:{id},to:{id}}]}` -> 200'],
  'association-idempotent': ['Associations', 'Re-posting is a no-op.'],
  'association-typed': ['Associations', 'batch/create {inputs:[{from,to,types:...-> 201/207'],
  'association-type-direction': ['Associations', 'Direction matters. Type ids: contact->deal 4, deal->contact 3; ...'],
  'association-exists': ['Associations', 'both records must exist', 'assumed'],
  'association-create-cap-2000': ['Batch writes', 'Associations: create 2,000'],
  'association-read-cap-1000': ['Batch writes', 'Associations: ... read 1,000'],
  'association-read-none': [
    'Public reports',
    '207 with subCategory crm.associations.NO_ASSOCIATIONS_FOUND for records without any',
    'field-report',
  ],
  'association-cap-per-record': ['Associations', 'Caps per record exist (for example 50,000 contacts per company)'],
  'association-line-item-one-parent': ['Commerce objects', '**one parent only** (deal or quote or order or cart)'],
  // Consent
  'consent-v3-no-resubscribe': ['Consent', '400 `"Subscription 123 for a@b.c cannot be updated because they have unsubscribed"`'],
  'consent-v3-repeat': ['Consent', 'Repeating the current state may also give 400', 'unverified'],
  'consent-v4-resubscribes': ['Consent', '**Resubscribes without complaint.**; RESUBSCRIBE_OCCURRED'],
  'consent-v4-reasons': ['Consent', 'REQUESTED_CHANGE_OCCURRED | NO_STATUS_CHANGE | RESUBSCRIBE_OCCURRED | UNSUBSCRIBE_FROM_ALL_OCCURRED'],
  'consent-legal-basis': ['Consent', 'With data-privacy settings on, legalBasis + legalBasisExplanation are **required**'],
  'consent-unsubscribe-all': ['Consent', 'statuses/{email}/unsubscribe-all?channel=EMAIL'],
  'consent-email-channel-only': ['Consent', 'Email channel only (no SMS/WhatsApp).'],
  'consent-subscription-unknown': ['Consent', 'per subscription id: it must exist', 'assumed'],
  'consent-batch-enterprise': ['Consent', 'Batch status calls need Marketing Hub Enterprise scopes'],
  'consent-batch-cap': ['Unverified', 'Size limit of batch consent writes', 'unverified'],
  'consent-mirror-read-only': ['Consent', '`hs_email_optout[_<subId>]` mirror opt-outs, read-only', 'unverified'],
  'consent-without-contact': ['Consent', 'Works without a contact', 'unverified'],
  // Custom events
  'event-enterprise-only': ['Custom (behavioural) events', '**Enterprise only.**'],
  'event-accepted-204': ['Custom (behavioural) events', '204 = accepted asynchronously, **no per-item errors**'],
  'event-unknown': ['Custom (behavioural) events', 'Unknown event or property -> 400.'],
  'event-needs-identifier': [
    'Custom (behavioural) events',
    'identifier priority: customMatchingId property > objectId (recommended) > email > utk',
  ],
  'event-uuid-no-dedup': ['Custom (behavioural) events', 'uuid is not documented as a dedup key: assume duplicates possible'],
  'event-value-length': ['Custom (behavioural) events', 'value <= 256 chars (URL/referrer 1,024)'],
  'event-batch-cap-500': ['Custom (behavioural) events', 'batch <= 500 `{inputs:[..]}` -> 204'],
  'event-definition-names': [
    'Custom (behavioural) events',
    'label and name <= 50, `^[a-z][a-z0-9_]*$`; 50 properties each; 500 definitions/account',
  ],
  'event-fully-qualified-name': ['Custom (behavioural) events', 'eventName = `fullyQualifiedName` (`pe{HubID}_{name}`)'],
  // Lists
  'list-not-found': ['Errors to classify', '| 404 | not found (also merged/erased ids) |'],
  'list-name-unique': [
    'developers.hubspot.com, Lists',
    'the name must be unique over all public lists; compared without case, 400',
    'unverified',
  ],
  'list-dynamic-needs-filters': ['developers.hubspot.com, Lists', 'DYNAMIC lists are defined by filters', 'assumed'],
  'list-members-manual-only': ['developers.hubspot.com, Lists', 'memberships only of lists whose processingType is MANUAL or SNAPSHOT'],
  'list-members-idempotent': [
    'developers.hubspot.com, Lists',
    'records that do not exist or are members already are ignored; the answer names added, removed and missing ones',
  ],
  'list-search-page': ['developers.hubspot.com, Lists', 'an empty query pages through all lists; 20 a page, at most 500', 'unverified'],
  'list-merge-keeps-members': ['Identity', 'a merge keeps what both records were in', 'assumed'],
  // Account
  'account-details': [
    'Rate limits',
    '`GET /account-info/{v}/details` -> portalId, accountType, timeZone, companyCurrency, additionalCurrencies, ...',
  ],
  'account-usage-cached': [
    'Rate limits',
    'api-usage/daily/private-apps` -> `{name,usageLimit,currentUsage,resetsAt,fetchStatus}` (cached)',
  ],
  'currencies-preflight': ['Commerce objects', '`GET /settings/currencies/{v}/codes|company-currency|exchange-rates`'],
} as const

/** Id of a rule. */
export type RuleId = keyof typeof ruleTable

/** Every rule by its id. A refused request names its rule in `requests[n].rule`. */
export const hubSpotRules: Readonly<Record<string, Rule>> = Object.fromEntries(
  Object.entries<readonly [section: string, quote: string, evidence?: Evidence]>(ruleTable).map(
    ([id, [section, quote, evidence = 'documented']]) => [id, { section, quote, evidence }],
  ),
)
