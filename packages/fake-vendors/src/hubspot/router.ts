import type { ApiVersion, Route } from './route.ts'

/** A path without its version, and the version it named. */
interface VersionedPath {
  readonly segments: readonly string[]
  readonly version: ApiVersion
}

/** A found endpoint with its path parameters. */
interface RouteMatch {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
  readonly version: ApiVersion
}

/** Areas whose version stands after two segments on dated paths (`/crm/objects/2026-03`) but after one on legacy ones (`/crm/v3/objects`). */
const nested = new Set(['crm', 'settings'])

/** Takes the version out of a path; undefined when it has none or one that is not served. */
function splitVersion(path: string, apiVersion: string): VersionedPath | undefined {
  let segments: string[]
  try {
    segments = path.split('/').slice(1).map(decodeURIComponent)
  } catch {
    return undefined
  }
  const [area = '', second = '', third = '', ...rest] = segments
  // Tokens are asked about under a path that has no dated form.
  if (area === 'oauth' && second === 'v2') return { version: 'v2', segments }
  const isNested = nested.has(area)
  if (second === 'v3' || second === 'v4') return { version: second, segments: isNested || third !== '' ? [area, third, ...rest] : [area] }
  if (isNested && third === apiVersion) return { version: 'dated', segments: [area, second, ...rest] }
  if (!isNested && second === apiVersion) return { version: 'dated', segments: third === '' ? [area] : [area, third, ...rest] }
  return undefined
}

/** Finds the endpoint of a request. */
export interface Router {
  /** `undefined`: no such path; `'method'`: the path exists for other methods only. */
  find(method: string, path: string): RouteMatch | 'method' | undefined
}

/** Creates the router. Literal segments win over parameters. */
export function createRouter(routes: readonly Route[], apiVersion: string): Router {
  const compiled = routes
    .map((route) => ({ route, pattern: route.path.split('/') }))
    .toSorted((a, b) => parameters(a.pattern) - parameters(b.pattern))
  const byShape = Map.groupBy(compiled, ({ pattern }) => `${pattern[0]}/${pattern[1]}/${pattern.length}`)

  return {
    find(method, path) {
      const split = splitVersion(path, apiVersion)
      if (split === undefined) return undefined
      const { segments, version } = split
      let otherMethod = false
      for (const { route, pattern } of byShape.get(`${segments[0]}/${segments[1]}/${segments.length}`) ?? []) {
        if (version === 'dated' ? route.dated === false : !route.legacy.includes(version)) continue
        const params = match(pattern, segments)
        if (params === undefined) continue
        if (route.method === method) return { route, params, version }
        otherMethod = true
      }
      return otherMethod ? 'method' : undefined
    },
  }
}

function parameters(pattern: readonly string[]): number {
  return pattern.filter((segment) => segment.startsWith(':')).length
}

function match(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {}
  for (const [index, expected] of pattern.entries()) {
    const segment = segments[index] ?? ''
    if (expected.startsWith(':')) params[expected.slice(1)] = segment
    else if (expected !== segment) return undefined
  }
  return params
}
