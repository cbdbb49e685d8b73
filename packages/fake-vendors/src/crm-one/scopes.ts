/** What a credential may be allowed to do. */
export type Scope =
  | 'contacts:read'
  | 'contacts:write'
  | 'contacts:erase'
  | 'activities:write'
  | 'orders:write'
  | 'deals:write'
  | 'lists:write'
  | 'schema:read'

/** Every scope. */
export const allScopes: readonly Scope[] = [
  'contacts:read',
  'contacts:write',
  'contacts:erase',
  'activities:write',
  'orders:write',
  'deals:write',
  'lists:write',
  'schema:read',
]
