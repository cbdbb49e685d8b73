/** HubSpot's dated API version. 2026-09 is not used: from it on the portal's form rules refuse API writes (vendor notes, "Decide first" 2). */
export const apiVersion = '2026-03'

/** HubSpot's public address. */
export const defaultBaseUrl = 'https://api.hubapi.com'

const dated: readonly (readonly [legacy: RegExp, area: string])[] = [
  [/^\/crm\/v3\/(objects|properties|pipelines|lists)(?=\/|$)/, '/crm/$1'],
  [/^\/crm\/v4\/(associations)(?=\/|$)/, '/crm/$1'],
]

/** Moves a path of the generated SDK to the dated version: `/crm/v3/objects/deals` becomes `/crm/objects/2026-03/deals`. Throws TypeError for a path it does not know. */
export const datedPath = (path: string): string => {
  for (const [legacy, area] of dated) if (legacy.test(path)) return path.replace(legacy, `${area}/${apiVersion}`)
  throw new TypeError(`No dated path is known for ${path}`)
}
