import { activityRoutes } from './activities/routes.ts'
import { contactRoutes } from './contacts/routes.ts'
import { dealRoutes } from './deals.ts'
import { listRoutes } from './lists.ts'
import { orderRoutes } from './orders/routes.ts'
import type { Route } from './route.ts'
import { schemaRoutes } from './schema-route.ts'

/** Every endpoint but the bulk, which is made of them. */
export const routes: readonly Route[] = [...contactRoutes, ...activityRoutes, ...orderRoutes, ...dealRoutes, ...listRoutes, ...schemaRoutes]

/** A found endpoint. */
export interface RouteMatch {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

const compiled = routes.map((route) => ({ route, pattern: route.path.split('/') }))

/** The endpoint of a request; the methods the path has when it is none of them; undefined when there is no such path. */
export function findRoute(method: string, path: string): RouteMatch | readonly string[] | undefined {
  const segments = splitPath(path)
  if (segments === undefined) return undefined
  const candidates = compiled.flatMap(({ route, pattern }) => {
    const params = match(pattern, segments)
    return params === undefined ? [] : [{ route, params }]
  })
  const found = candidates.find(({ route }) => route.method === method)
  if (found !== undefined) return found
  return candidates.length === 0 ? undefined : candidates.map(({ route }) => route.method)
}

/** Decoded segments; undefined when the path is not properly encoded. */
export function splitPath(path: string): string[] | undefined {
  try {
    return path.split('/').map(decodeURIComponent)
  } catch {
    return undefined
  }
}

function match(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, expected] of pattern.entries()) {
    const segment = segments[index] ?? ''
    if (!expected.startsWith('{')) {
      if (expected !== segment) return undefined
    } else if (segment === '') return undefined
    else params[expected.slice(1, -1)] = segment
  }
  return params
}
