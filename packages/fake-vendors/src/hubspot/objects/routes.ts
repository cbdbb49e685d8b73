import type { Route, RouteContext } from '../route.ts'
import { archiveOne, batchArchive } from './archive.ts'
import { batchCreate, createOne } from './create.ts'
import { gdprDelete } from './erase.ts'
import { merge } from './merge.ts'
import { batchRead, list, readOne } from './read.ts'
import { search } from './search.ts'
import { batchUpdate, updateOne } from './update.ts'
import { batchUpsert } from './upsert.ts'

const readScopes = ({ type }: Pick<RouteContext, 'type'>): readonly string[] => type.scopes.read
const writeScopes = ({ type }: Pick<RouteContext, 'type'>): readonly string[] => type.scopes.write
const base = 'crm/objects/:type'

/** Endpoints of CRM objects of every type. */
export const objectRoutes: readonly Route[] = [
  { legacy: 'v3', method: 'POST', path: `${base}/batch/create`, scopes: writeScopes, handle: batchCreate },
  { legacy: 'v3', method: 'POST', path: `${base}/batch/read`, scopes: readScopes, handle: batchRead },
  { legacy: 'v3', method: 'POST', path: `${base}/batch/update`, scopes: writeScopes, handle: batchUpdate },
  { legacy: 'v3', method: 'POST', path: `${base}/batch/upsert`, scopes: writeScopes, handle: batchUpsert },
  { legacy: 'v3', method: 'POST', path: `${base}/batch/archive`, scopes: writeScopes, handle: batchArchive },
  { legacy: 'v3', method: 'POST', path: `${base}/search`, bucket: 'search', scopes: readScopes, handle: search },
  { legacy: 'v3', method: 'POST', path: `${base}/merge`, scopes: writeScopes, handle: merge },
  { legacy: 'v3', method: 'POST', path: `${base}/gdpr-delete`, scopes: writeScopes, handle: gdprDelete },
  { legacy: 'v3', method: 'GET', path: base, scopes: readScopes, handle: list },
  { legacy: 'v3', method: 'POST', path: base, scopes: writeScopes, handle: createOne },
  { legacy: 'v3', method: 'GET', path: `${base}/:id`, scopes: readScopes, handle: readOne },
  { legacy: 'v3', method: 'PATCH', path: `${base}/:id`, scopes: writeScopes, handle: updateOne },
  { legacy: 'v3', method: 'DELETE', path: `${base}/:id`, scopes: writeScopes, handle: archiveOne },
]
