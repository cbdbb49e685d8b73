import type { HttpReply } from '../../http/index.ts'
import { refuseV2 } from '../errors.ts'
import { ok, type Route, type RouteContext } from '../route.ts'
import { defaultDataFields, fits, type DataField, type DataFieldType } from './data-field.ts'
import { objectBody } from './read.ts'

const types: readonly DataFieldType[] = ['String', 'Numeric', 'Date', 'Boolean']
const namePattern = /^[A-Za-z0-9_-]{1,20}$/

/** POST: 201. Names are kept in upper case. */
function create(context: RouteContext): HttpReply {
  const { account } = context
  const { name, type, visibility = 'Private', defaultValue = null } = objectBody(context)
  if (typeof name !== 'string' || !namePattern.test(name)) return refuseV2('data-field-name', 400, 'ERROR_DATAFIELD_INVALID')
  const known = types.find((candidate) => candidate === type)
  if (known === undefined || !fits(known, defaultValue)) return refuseV2('data-field-definition', 400, 'ERROR_DATAFIELD_INVALID')
  if (visibility !== 'Private' && visibility !== 'Public') return refuseV2('data-field-definition', 400, 'ERROR_DATAFIELD_INVALID')
  const field: DataField = { name: name.toUpperCase(), type: known, visibility, defaultValue }
  if (account.dataFields.has(field.name)) return refuseV2('data-field-exists', 400, 'ERROR_DATAFIELD_EXISTS')
  account.dataFields.set(field.name, field)
  return { status: 201, body: field }
}

/** DELETE: 200 with the result; its values are gone. */
function remove({ account, param }: RouteContext): HttpReply {
  const name = param('name').toUpperCase()
  if (!account.dataFields.has(name)) return refuseV2('data-field-not-found', 404, 'ERROR_DATAFIELD_NOT_FOUND')
  if (defaultDataFields.some((field) => field.name === name)) return refuseV2('data-field-definition', 400, 'ERROR_DATAFIELD_INVALID')
  account.dataFields.delete(name)
  for (const contact of account.contacts.all()) {
    const { [name]: _, ...rest } = contact.dataFields
    contact.dataFields = rest
  }
  return ok({ dependencies: null, result: true })
}

/** Endpoints of contact data fields. They cannot be changed, only made and deleted. */
export const dataFieldRoutes: readonly Route[] = [
  { method: 'POST', path: 'v2/data-fields', tier: 'medium', handle: create },
  { method: 'GET', path: 'v2/data-fields', tier: 'medium', handle: ({ account }) => ok([...account.dataFields.values()]) },
  { method: 'DELETE', path: 'v2/data-fields/:name', tier: 'medium', handle: remove },
]
