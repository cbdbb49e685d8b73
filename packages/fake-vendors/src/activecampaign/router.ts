import type { Route } from './route.ts'

/** Finds the endpoint of a request. */
export interface Router {
  /** `undefined`: no such path; `'method'`: the path exists for other methods only. */
  find(method: string, path: string): { readonly route: Route; readonly params: Readonly<Record<string, string>> } | 'method' | undefined
}

const prefix = '/api/3/'

/** Creates the router. Literal segments win over parameters. */
export function createRouter(routes: readonly Route[]): Router {
  const compiled = routes
    .map((route) => ({ route, pattern: route.path.split('/') }))
    .toSorted((a, b) => parameters(a.pattern) - parameters(b.pattern))

  return {
    find(method, path) {
      if (!path.startsWith(prefix)) return undefined
      const segments = segmentsOf(path.slice(prefix.length))
      if (segments === undefined) return undefined
      let otherMethod = false
      for (const { route, pattern } of compiled) {
        const params = match(pattern, segments)
        if (params === undefined) continue
        if (route.method === method) return { route, params }
        otherMethod = true
      }
      return otherMethod ? 'method' : undefined
    },
  }
}

function segmentsOf(path: string): string[] | undefined {
  try {
    return path.split('/').map(decodeURIComponent)
  } catch {
    return undefined
  }
}

function parameters(pattern: readonly string[]): number {
  return pattern.filter((segment) => segment.startsWith(':')).length
}

function match(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, expected] of pattern.entries()) {
    const segment = segments[index] ?? ''
    if (expected.startsWith(':')) params[expected.slice(1)] = segment
    else if (expected !== segment) return undefined
  }
  return params
}
