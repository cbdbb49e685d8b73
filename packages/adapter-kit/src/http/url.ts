import { MillraceError } from '@millrace/core'

/** Query parameters; lists repeat the name, `undefined` is left out. */
export type Query = Readonly<Record<string, string | number | boolean | readonly (string | number | boolean)[] | undefined>>

/**
 * The address of a call: `path` below `base`, or a full URL (a paging link) of the same origin.
 * Throws MillraceError `foreign_address` for any other origin, which would receive the credential.
 */
export function resolveUrl(base: string, path: string, query: Query = {}): URL {
  const root = new URL(base)
  const absolute = /^[a-z][a-z0-9+.-]*:/i.test(path) || path.startsWith('//')
  const url = absolute
    ? new URL(path, root)
    : new URL(`${root.href.replace(/[?#].*$/, '').replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`)
  if (url.origin !== root.origin) {
    throw new MillraceError({
      code: 'foreign_address',
      scope: 'destination',
      message: `Refused to call ${url.origin}: only ${root.origin} may receive the credential. Check the base URL in the settings, or the vendor's paging links.`,
      context: { applied: 'no' },
    })
  }
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue
    for (const one of Array.isArray(value) ? value : [value]) url.searchParams.append(name, String(one))
  }
  return url
}
