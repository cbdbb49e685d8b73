/** A behaviour of the vendor that this fake enforces. Each has a test over raw HTTP that is named by its id. */
export interface Rule {
  id: string
  /** What the fake does. */
  does: string
  /** Where it is known from: the section of the vendor notes, or a documentation page. */
  source: string
}

const MOCK = 'vendor/commercetools.md, "@labdigital/commercetools-mock 4.4.0 as test server"'
const LIMITS = 'vendor/commercetools.md, "Limits"'
const DELTA = 'vendor/commercetools.md, "Delta reads"'
const AUTH = 'vendor/commercetools.md, "Auth and transport"'
const ERRORS = 'vendor/commercetools.md, "Errors and the SDK"'
const OBJECTS = 'vendor/commercetools.md, "Objects"'
const PREDICATES = 'https://docs.commercetools.com/api/predicates/query'

/** Every rule of the fake, by id. */
export const COMMERCETOOLS_RULES: readonly Rule[] = [
  { id: 'CT-SORT-1', does: 'Lists are sorted by the repeated `sort` parameters', source: `${MOCK}: generic list route drops sort` },
  { id: 'CT-SORT-2', does: 'A comma list in `sort` is a 400', source: `${DELTA}: multi-sort is repeated sort` },
  {
    id: 'CT-SORT-3',
    does: 'Sorting by a field the type does not have is a 400 that names the sortable ones',
    source: 'https://docs.commercetools.com/api/general-concepts (answer of the API as found in public code)',
  },
  {
    id: 'CT-KEYSET-1',
    does: 'A keyset read on (lastModifiedAt, id) sees every row once, in order, at any page size',
    source: `${DELTA}: predicate used by three readers`,
  },
  { id: 'CT-KEYSET-2', does: 'A keyset read on id sees every row once', source: `${DELTA}: backfill` },
  { id: 'CT-LIMIT-1', does: '`limit` defaults to 20; 500 is served, 501 is a 400', source: `${LIMITS}: limit` },
  { id: 'CT-LIMIT-2', does: '`offset` 10,000 is served, 10,001 is a 400', source: `${LIMITS}: offset` },
  { id: 'CT-TOTAL-1', does: '`total` is there by default and absent with `withTotal=false`', source: `${LIMITS}: withTotal` },
  {
    id: 'CT-MODULAR-1',
    does: 'In the modular catalogue a product has no master variant and no variants; `/variants` and standalone prices hold them',
    source: `${OBJECTS}: Modular catalog`,
  },
  {
    id: 'CT-STAGED-1',
    does: '`staged=false` on product projections means published ones only',
    source: `${MOCK}: staged=false read as true`,
  },
  { id: 'CT-WHERE-1', does: 'Several `where` are all required', source: `${DELTA}: several where = AND` },
  { id: 'CT-WHERE-2', does: 'A field that the type does not have is a 400', source: `${MOCK}: unknown predicate field` },
  {
    id: 'CT-WHERE-3',
    does: 'Points in time are compared as such, whatever their digits',
    source: `${MOCK}: datetimes compared as strings`,
  },
  { id: 'CT-WHERE-4', does: '`is empty` and `is not empty` hold for absent fields', source: `${MOCK}: x is empty on an absent field` },
  { id: 'CT-WHERE-5', does: 'Input variables, also lists of hundreds', source: `${DELTA}: input variables` },
  { id: 'CT-WHERE-6', does: 'A predicate that cannot be parsed, or lacks a variable, is a 400', source: PREDICATES },
  {
    id: 'CT-WHERE-7',
    does: 'Attribute predicates must name the attribute; the older form is a 400',
    source: `${DELTA}: attribute predicates`,
  },
  { id: 'CT-WHERE-8', does: 'A text compared with a point in time must be one', source: PREDICATES },
  { id: 'CT-WHERE-9', does: 'Quotes inside a text are escaped with a backslash', source: PREDICATES },
  {
    id: 'CT-EXPAND-1',
    does: 'Expanding a reference without a resource leaves it as it is',
    source: `${MOCK}: expand of a missing reference`,
  },
  {
    id: 'CT-EXPAND-2',
    does: 'A cycle of categories and a missing parent are served',
    source: `${OBJECTS}: Category; the mock never returns from a cycle`,
  },
  {
    id: 'CT-EXPAND-3',
    does: 'Lines of a shopping list show their variant and slug when all of them are expanded, not when one is',
    source: 'https://docs.commercetools.com/api/projects/shoppingLists#shoppinglistlineitem',
  },
  {
    id: 'CT-LIST-1',
    does: 'Shopping lists are found by name in one language, by customer and by line, sorted and in stores; unknown fields are a 400',
    source: 'https://docs.commercetools.com/api/projects/shoppingLists#query-shoppinglists',
  },
  { id: 'CT-STORE-1', does: 'Lists inside a store hold that store only', source: `${MOCK}: in-store order list not filtered` },
  { id: 'CT-STORE-2', does: 'A resource of another store is a 404 inside a store', source: `${AUTH}: in-store paths` },
  { id: 'CT-STORE-3', does: 'In-store paths exist for some resources only', source: `${AUTH}: in-store paths` },
  { id: 'CT-AUTH-1', does: 'Wrong client credentials are a 401 invalid_client', source: `${AUTH}: client credentials by HTTP Basic` },
  { id: 'CT-AUTH-2', does: 'A missing, unknown or expired token is a 401 invalid_token', source: `${ERRORS}: a 401 refetches the token` },
  { id: 'CT-AUTH-3', does: 'A missing scope is a 403 insufficient_scope', source: `${AUTH}: scopes` },
  {
    id: 'CT-AUTH-4',
    does: '`manage_x` includes `view_x`, `manage_project` includes all; wider scopes of old still open',
    source: `${AUTH}: scopes`,
  },
  { id: 'CT-AUTH-5', does: 'A client may introspect its own token', source: `${AUTH}: introspect` },
  { id: 'CT-AUTH-6', does: 'A scope with a store key opens that store and nothing else', source: `${AUTH}: optional third part` },
  { id: 'CT-AUTH-7', does: 'A token may ask for fewer scopes, not for others', source: `${AUTH}: scopes` },
  {
    id: 'CT-AUTH-8',
    does: 'On demand a revoked scope reads as 200 with nothing in it',
    source: 'Asked for by the project: a revoked scope must remove nothing',
  },
  { id: 'CT-CLOCK-1', does: "The `Date` header tells the shop's time", source: `${DELTA}: server time from the Date header` },
  {
    id: 'CT-CORRELATION-1',
    does: 'Every answer has an `X-Correlation-ID`, the one of the client if it sent one',
    source: 'https://docs.commercetools.com/api/general-concepts#correlation-id',
  },
  {
    id: 'CT-VERSION-1',
    does: 'An update raises version and lastModifiedAt; a stale version is a 409 with currentVersion',
    source: `${ERRORS}: 409 ConcurrentModification`,
  },
  { id: 'CT-EMAIL-1', does: 'A second customer with the same e-mail is refused', source: `${OBJECTS}: Customer` },
  { id: 'CT-MESSAGES-1', does: '`GET /messages` is a 404', source: `${MOCK}: no /messages` },
  { id: 'CT-NOTFOUND-1', does: 'An unknown id is a 404 ResourceNotFound', source: `${ERRORS}: queries` },
]
