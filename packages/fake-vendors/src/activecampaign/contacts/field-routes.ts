import { isJsonObject, type HttpReply } from '../../http/index.ts'
import { pairKey } from '../account.ts'
import { invalid, notFound, refuse } from '../errors.ts'
import { listReply } from '../paging.ts'
import { created, envelope, ok, requiredText, text, type Route, type RouteContext } from '../route.ts'
import type { Field } from './model.ts'
import { checkValue, fieldTypes } from './values.ts'
import { fieldOptionView, fieldRelView, fieldValueView, fieldView } from './views.ts'
import { changeContact, setFieldValue } from './write.ts'

function fieldOf({ account, params }: RouteContext): Field {
  const id = params['id'] ?? ''
  return account.fields.get(id) ?? notFound('Field', id)
}

function checkTitle(context: RouteContext, title: string, own?: string): string {
  const other = context.account.fields.byKey(title.toLowerCase())
  if (other !== undefined && other.id !== own)
    invalid('field-title-duplicate', 'A field with this title already exists.', 'duplicate', 'title')
  return title
}

function checkType(type: string): string {
  return fieldTypes.has(type) ? type : invalid('field-type', 'The field type is invalid.', 'field_invalid', 'type')
}

function create(context: RouteContext): HttpReply {
  const { account } = context
  const body = envelope(context, 'field')
  const title = checkTitle(context, requiredText(body, 'title'))
  const perstag = text(body, 'perstag') ?? title.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')
  const definition = { title, perstag, type: checkType(requiredText(body, 'type')), descript: text(body, 'descript') ?? '' }
  return created({ field: fieldView(account)(account.fields.insert({ ...definition, createdAt: account.settings.now() })) })
}

function change(context: RouteContext): HttpReply {
  const { account } = context
  const body = envelope(context, 'field')
  const before = fieldOf(context)
  const title = checkTitle(context, text(body, 'title') ?? before.title, before.id)
  const type = checkType(text(body, 'type') ?? before.type)
  const field = account.fields.replace({ ...before, title, type, descript: text(body, 'descript') ?? before.descript })
  return ok({ field: fieldView(account)(field) })
}

function remove(context: RouteContext): HttpReply {
  const { account } = context
  const { id } = fieldOf(context)
  account.fields.delete(id)
  for (const table of [account.fieldValues, account.fieldOptions, account.fieldRels]) {
    for (const row of table.all()) if (row.field === id) table.delete(row.id)
  }
  return ok({})
}

function list({ account, query }: RouteContext): HttpReply {
  return listReply(query, 'fields', account.fields.all(), fieldView(account), (page) => {
    const ids = new Set(page.map(({ id }) => id))
    const options = account.fieldOptions.all().filter((row) => ids.has(row.field))
    const relations = account.fieldRels.all().filter((row) => ids.has(row.field))
    return { fieldOptions: options.map(fieldOptionView), fieldRels: relations.map(fieldRelView) }
  })
}

function read(context: RouteContext): HttpReply {
  const { account } = context
  const field = fieldOf(context)
  const options = account.fieldOptions.all().filter((row) => row.field === field.id)
  return ok({ fieldOptions: options.map(fieldOptionView), field: fieldView(account)(field) })
}

function addOptions(context: RouteContext): HttpReply {
  const { account, body } = context
  const given = isJsonObject(body) ? body['fieldOptions'] : undefined
  if (!Array.isArray(given)) return refuse('body-shape', 400, {})
  context.countInputs(given.length)
  const rows = given.map((entry: unknown) => {
    if (!isJsonObject(entry)) return refuse('body-shape', 400, {})
    const field = requiredText(entry, 'field')
    if (account.fields.get(field) === undefined) notFound('Field', field)
    const value = requiredText(entry, 'value')
    return { field, value, label: text(entry, 'label') ?? value, orderid: text(entry, 'orderid') ?? '1' }
  })
  return created({ fieldOptions: rows.map((row) => fieldOptionView(account.fieldOptions.insert(row))) })
}

function relate(context: RouteContext): HttpReply {
  const { account } = context
  const body = envelope(context, 'fieldRel')
  const field = requiredText(body, 'field')
  const relid = requiredText(body, 'relid')
  if (account.fields.get(field) === undefined) notFound('Field', field)
  if (relid !== '0' && account.lists.get(relid) === undefined) notFound('List', relid)
  const row = account.fieldRels.byKey(pairKey(field, relid)) ?? account.fieldRels.insert({ field, relid })
  return created({ fieldRel: fieldRelView(row) })
}

function joinGroup(context: RouteContext): HttpReply {
  const { account } = context
  const body = envelope(context, 'groupMember')
  const relId = requiredText(body, 'rel_id')
  const groupId = requiredText(body, 'group_id')
  if (account.fields.get(relId) === undefined) notFound('Field', relId)
  const row = account.groupMembers.byKey(pairKey(relId, groupId)) ?? account.groupMembers.insert({ relId, groupId })
  return created({ groupMember: { rel_id: relId, group_id: groupId, ordernum: '0', id: row.id } })
}

function writeValue(context: RouteContext): HttpReply {
  const { account, params } = context
  const body = envelope(context, 'fieldValue')
  const existing = params['id'] === undefined ? undefined : (account.fieldValues.get(params['id']) ?? notFound('FieldValue', params['id']))
  const contactId = existing?.contact ?? requiredText(body, 'contact')
  const fieldId = existing?.field ?? requiredText(body, 'field')
  const contact = account.contacts.get(contactId) ?? notFound('Subscriber', contactId)
  const field = account.fields.get(fieldId) ?? notFound('Field', fieldId)
  const value = text(body, 'value') ?? ''
  checkValue(field, value)
  setFieldValue(account, contactId, fieldId, value)
  changeContact(account, contact, {})
  const row = account.fieldValues.byKey(pairKey(contactId, fieldId))
  return ok({ fieldValue: row === undefined ? {} : fieldValueView(row) })
}

/** Endpoints of fields, their options, relations, groups and values. */
export const fieldRoutes: readonly Route[] = [
  { method: 'POST', path: 'fields', handle: create },
  { method: 'GET', path: 'fields', handle: list },
  { method: 'GET', path: 'fields/:id', handle: read },
  { method: 'PUT', path: 'fields/:id', handle: change },
  { method: 'DELETE', path: 'fields/:id', handle: remove },
  { method: 'POST', path: 'fieldOption/bulk', handle: addOptions },
  { method: 'POST', path: 'fieldRels', handle: relate },
  { method: 'POST', path: 'groupMembers', handle: joinGroup },
  { method: 'POST', path: 'fieldValues', handle: writeValue },
  { method: 'PUT', path: 'fieldValues/:id', handle: writeValue },
]
