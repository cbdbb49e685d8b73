import type { Route } from './route.ts'

/** A found endpoint with its path parameters. */
export interface RouteMatch {
  readonly route: Route
  readonly params: ReadonlyMap<string, string>
}

/** Finds the endpoint of a request. `undefined`: no such path; `'method'`: the path exists for other methods only. */
export type Router = (method: string, path: string) => RouteMatch | 'method' | undefined

/**
 * Decodes a path segment as the vendor's web server does: a bare `+` is a blank, so that an address with a plus must be encoded.
 * Undefined when the percent encoding is broken.
 */
function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

/** Creates the router. Literal segments win over parameters, the earlier the segment the more. */
export function createRouter(routes: readonly Route[]): Router {
  const compiled = routes
    .map((route) => ({ route, pattern: route.path.split('/') }))
    .toSorted((a, b) => (weight(a.pattern) < weight(b.pattern) ? -1 : 1))
  const byLength = Map.groupBy(compiled, ({ pattern }) => pattern.length)

  return (method, path) => {
    const segments = path.split('/').slice(1).map(decode)
    if (!isDecoded(segments)) return undefined
    let otherMethod = false
    for (const { route, pattern } of byLength.get(segments.length) ?? []) {
      const params = match(pattern, segments)
      if (params === undefined) continue
      if (route.method === method) return { route, params }
      otherMethod = true
    }
    return otherMethod ? 'method' : undefined
  }
}

function isDecoded(segments: readonly (string | undefined)[]): segments is readonly string[] {
  return segments.every((segment) => segment !== undefined)
}

function weight(pattern: readonly string[]): string {
  return pattern.map((segment) => (segment.startsWith(':') ? '1' : '0')).join('')
}

function match(pattern: readonly string[], segments: readonly string[]): Map<string, string> | undefined {
  const params = new Map<string, string>()
  for (const [index, expected] of pattern.entries()) {
    const segment = segments[index] ?? ''
    if (expected.startsWith(':')) params.set(expected.slice(1), segment)
    else if (expected !== segment) return undefined
  }
  return params
}
