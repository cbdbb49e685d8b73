/**
 * Where a rule comes from: the contract as it was proposed, or `assumed`: it fills a gap of the proposal with the strictest reading that can be worked with.
 * There is no vendor behind either: CRM One has no public API.
 */
export type Evidence = 'contract' | 'assumed'

/** A rule of the contract. Each has a test of that name over raw HTTP. */
export interface Rule {
  /** Section of the proposal. */
  readonly section: string
  /** What stands there (`...` joins fragments); for assumed rules, what was decided. */
  readonly quote: string
  readonly evidence: Evidence
}

/** Rules as section, quote and evidence (default: contract). */
const ruleTable = {
  // Headers
  'auth-bearer': ['Headers', '`Authorization: Bearer` | opaque token; 401 missing/invalid'],
  'auth-scope': ['Headers', '403 scope'],
  'correlation-required': ['Headers', '`X-Correlation-Id` | on every request: without it 400', 'assumed'],
  'correlation-echoed': ['Headers', '`X-Correlation-Id` | ... echoed, also in problems and logs'],
  'idempotency-required': ['Headers', '`Idempotency-Key` | on every write'],
  'idempotency-replay': ['Headers', 'same key + same body -> stored reply'],
  'idempotency-mismatch': ['Headers', 'same key + other body -> 422 `idempotency_mismatch`'],
  'idempotency-24-hours': ['Headers', 'kept >= 24 h: forgotten right after', 'assumed'],
  'idempotency-refusals-kept': ['Headers', 'same key + same body -> stored reply: also where the reply was a refusal', 'assumed'],
  'if-match': ['Headers', '`If-Match` / `ETag` | optional optimistic lock; mismatch 412'],
  'rate-limited': ['Headers', '`Retry-After` | on 429 and 503, seconds or HTTP date'],
  // Shapes
  'problem-shape': ['Errors', 'problem+json: type, title, status, code, errors[{pointer,code}], correlationId'],
  'body-readable': ['Errors', '400 | malformed'],
  'content-type': ['Errors', 'a body of another media type is malformed', 'assumed'],
  'resource-not-found': ['Errors', '404 / 410 | not_found / erased'],
  'validation-names-places': ['Errors', '422 | validation ... errors[{pointer,code}]'],
  'text-one-line': [
    'Contact body',
    'a text holds no control characters, but for street addresses, names of lines and attributes',
    'assumed',
  ],
  'attribute-unknown': ['Errors', '422 | ... unknown_attribute'],
  'attribute-typed': ['Contact body', 'attributes{} (typed by schema)'],
  'attribute-required': ['Resources and verbs', '`GET /schema` | attributes, types, required, max lengths, capabilities'],
  'schema-told': ['Resources and verbs', '`GET /schema` | attributes, types, required, max lengths, capabilities: config-time validation'],
  // Contacts
  'contact-upsert': ['Resources and verbs', '`PUT /contacts/by-external-id/{source}/{externalId}` | create or update (201/200)'],
  'contact-read': ['Resources and verbs', '`GET` same path'],
  'contact-by-id': ['Resources and verbs', '`GET /contacts/{id}`: where a redirect leads and candidates are read', 'assumed'],
  'contact-keep-and-clear': ['Contact body', 'absent = keep; null = clear'],
  'contact-crm-owned': ['Contact body', 'attribute owned by the CRM (meta.owner) is not overwritten: reply lists it in `ignored[]`'],
  'contact-meta': ['Contact body', 'meta{version,lastModified,owner per attribute}'],
  'contact-shapes': ['Contact body', 'phones[{value E.164,type,primary}], ... locale (BCP 47)'],
  'contact-email-once': [
    'What the agency page promises',
    'deterministic matching (stable ids, then email, ...): one contact per address',
    'assumed',
  ],
  'source-version-never-backwards': ['Resources and verbs', 'body carries `sourceVersion`; older -> 409 `stale`'],
  'source-version-outlives-erasure': ['Decide first', 'every write carries a source version; older is refused with 409', 'assumed'],
  'list-updated-since': ['Resources and verbs', '`GET /contacts?updatedSince=&cursor=&limit=` | read; reconcile'],
  'list-cursor': ['Resources and verbs', 'opaque cursor: one of another listing is malformed'],
  'list-limit': ['Resources and verbs', 'limit <= 500'],
  'list-changes-while-read': ['Resources and verbs', 'a contact changed while the list is read comes again, none is left out', 'assumed'],
  // Erasure, identities, merge
  'erase-then-gone': ['Resources and verbs', '**erasure** (202/204) ... later PUT of the same id -> 410 until an explicit un-erase'],
  'erase-cascades': ['Resources and verbs', "cascades to activities and orders' personal data"],
  'erase-twice': ['Resources and verbs', 'an erasure asked for again is done', 'assumed'],
  'erase-lifted': ['Resources and verbs', 'until an explicit un-erase: `DELETE .../erasure`', 'assumed'],
  'identity-added': ['Resources and verbs', '`POST /contacts/{id}/external-ids` | add an identity'],
  'identity-held-once': ['Resources and verbs', '409 `identity_conflict` if held by another contact'],
  'merge-two': ['Resources and verbs', '`POST /contacts/{id}/merge {otherId}` | survivor keeps its id'],
  'merge-then-moved': ['Resources and verbs', 'old ids answer 301 with Location'],
  'merge-identity-back': ['Resources and verbs', 'an identity that was merged away becomes one of the survivor by adding it', 'assumed'],
  'merge-keeps-withdrawals': ['Consent enforcement', '**Withdrawn is sticky**: a merge does not lift it', 'assumed'],
  // Consent
  'consent-only-newer': [
    'Consent enforcement',
    'accepted only if `at` is newer than the stored one; equal or older -> 409 `stale_consent`',
  ],
  'consent-withdrawn-is-sticky': [
    'Consent enforcement',
    '`granted` over `withdrawn` needs a newer `at` **and** evidence; otherwise 422 `consent_evidence_required`',
  ],
  'consent-unknown-never-overwrites': ['Consent enforcement', '`unknown` never counts as granted and never overwrites a known status'],
  'consent-refuses-whole-write': ['Consent enforcement', 'A write is accepted only if ...: a refused consent refuses all of it', 'assumed'],
  'consent-not-from-the-future': [
    'Emulator must reproduce',
    'clock skew on `at`: more than 300 s ahead of the CRM is not valid',
    'assumed',
  ],
  'consent-ends-membership': ['Consent enforcement', 'a consent that is no longer granted ends the memberships of its lists', 'assumed'],
  // Activities, orders, deals, lists
  'activity-put': [
    'Resources and verbs',
    '`PUT /activities/{eventId}` | CloudEvents envelope (id, source, type, time, subject = contact, data)',
  ],
  'activity-idempotent': ['Resources and verbs', 'idempotent by id: the first envelope stays'],
  'activity-id-of-path': ['Resources and verbs', '`PUT /activities/{eventId}` | ... idempotent by id', 'assumed'],
  'activity-older-time': ['Resources and verbs', 'older `time` accepted and ordered'],
  'activity-not-from-the-future': [
    'Emulator must reproduce',
    'clock skew: a `time` more than 300 s ahead of the CRM is not valid',
    'assumed',
  ],
  'activity-needs-consent': ['Consent enforcement', 'a marketing activity without `granted` -> 422 `consent_required`'],
  'activity-transactional-exempt': ['Consent enforcement', 'Transactional activities (order, shipment, refund) are exempt'],
  'order-put': ['Resources and verbs', '`PUT /orders/{source}/{externalId}` | snapshot with sourceVersion; links a contact by external id'],
  'order-of-nobody': ['Resources and verbs', '`contact: null` is an order of nobody', 'assumed'],
  'contact-unknown': ['Resources and verbs', '422 `contact_unknown` if missing'],
  'deal-put': ['Resources and verbs', '`PUT /deals/{source}/{externalId}` | pipeline, stage, contact, amount, currency'],
  'deal-stage-exists': ['Resources and verbs', 'pipeline, stage: those of the schema', 'assumed'],
  'list-member': ['Resources and verbs', '`PUT` / `DELETE /lists/{id}/members/{contact}` | idempotent'],
  'list-needs-consent': ['Resources and verbs', 'PUT checks consent'],
  'list-not-found': ['Errors', '404 / 410 | not_found: lists are made by the administrator', 'assumed'],
  // Bulk
  'bulk-lines': ['Bulk', 'Reply 207 NDJSON **in any order**, one line per operation {idempotencyKey, status, problem?}'],
  'bulk-readable': ['Bulk', 'Whole-request errors (400, 401, 413, 429) apply nothing'],
  'bulk-cap': ['Bulk', '<= 500 operations or 5 MB ... 413 | too_large'],
  'bulk-keys-differ': ['Bulk', 'operation = {op, path, body, idempotencyKey}: lines are told apart by their key', 'assumed'],
  'bulk-keys-of-lines': ['Bulk', 'operation = {op, path, body, idempotencyKey}: the request itself needs no key', 'assumed'],
  'bulk-target-once': ['Bulk', 'Duplicate target in one bulk -> 422 for the later ones only'],
  'bulk-missing-line': ['Bulk', 'Missing line = unknown outcome, retry'],
  'bulk-any-order': ['Bulk', 'operations are also applied in any order', 'assumed'],
  'bulk-scope-per-line': ['Bulk', '403 stands in the line of the operation', 'assumed'],
} as const

/** Id of a rule. */
export type RuleId = keyof typeof ruleTable

/** Every rule by its id. A refused request names its rule in `requests[n].rule`. */
export const crmOneRules: Readonly<Record<string, Rule>> = Object.fromEntries(
  Object.entries<readonly [section: string, quote: string, evidence?: Evidence]>(ruleTable).map(
    ([id, [section, quote, evidence = 'contract']]) => [id, { section, quote, evidence }],
  ),
)
