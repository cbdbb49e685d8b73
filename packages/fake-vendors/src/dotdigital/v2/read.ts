import { isJsonObject } from '../../http/index.ts'
import { refuseV2 } from '../errors.ts'
import type { RouteContext } from '../route.ts'

/** The body as an object. @throws Refusal */
export function objectBody({ body }: RouteContext): Record<string, unknown> {
  return isJsonObject(body) ? body : refuseV2('body-shape', 400, 'ERROR_INVALID_REQUEST')
}

/** A page by `select` (1 to 1,000) and `skip`. @throws Refusal */
export function selectPage<T>({ query }: RouteContext, rows: readonly T[]): T[] {
  const select = Number(query.get('select') ?? 1000)
  const skip = Number(query.get('skip') ?? 0)
  if (!Number.isInteger(select) || select < 1 || select > 1000 || !Number.isInteger(skip) || skip < 0) {
    refuseV2('v2-select', 400, 'ERROR_PARAMETER_INVALID')
  }
  return rows.slice(skip, skip + select)
}
