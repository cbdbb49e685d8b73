import { refuse } from '../errors.ts'
import type { ObjectTypeName } from '../object-types.ts'
import { objectTypes } from '../object-types.ts'
import { findRecord } from '../objects/store.ts'
import type { Portal } from '../portal.ts'
import type { AssociationType } from './types.ts'

const lineItemParents: readonly ObjectTypeName[] = ['deals', 'orders', 'carts']
const contactsPerCompany = 50_000

/** Resolves both ends of a link to current ids, or refuses when one of them does not exist. */
function resolveEnds(
  portal: Portal,
  from: ObjectTypeName,
  fromId: string,
  to: ObjectTypeName,
  toId: string,
): { fromId: string; toId: string } {
  const fromRecord = findRecord(portal.stores[from], fromId)
  const toRecord = findRecord(portal.stores[to], toId)
  if (fromRecord !== undefined && toRecord !== undefined) return { fromId: fromRecord.id, toId: toRecord.id }
  const [type, id] = fromRecord === undefined ? [from, fromId] : [to, toId]
  return refuse({
    rule: 'association-exists',
    status: 400,
    category: 'VALIDATION_ERROR',
    subCategory: 'crm.associations.INVALID_OBJECT_IDS',
    message: `${objectTypes[type].singular.toUpperCase()}=${id} is not valid`,
    context: { fromObjectId: [fromId], toObjectId: [toId] },
  })
}

/** Links two existing records, or refuses what HubSpot does not allow. */
export function link(portal: Portal, type: AssociationType, fromId: string, toId: string): { fromId: string; toId: string } {
  const ends = resolveEnds(portal, type.from, fromId, type.to, toId)
  if (type.from === 'line_items') checkOneParent(portal, ends.fromId, type.to, ends.toId)
  if (type.to === 'line_items') checkOneParent(portal, ends.toId, type.from, ends.fromId)
  checkCap(portal, type, ends)
  portal.associations.add(type, ends.fromId, ends.toId)
  return ends
}

function checkOneParent(portal: Portal, lineItemId: string, parent: ObjectTypeName, parentId: string): void {
  for (const type of lineItemParents) {
    for (const id of portal.associations.linked('line_items', lineItemId, type).keys()) {
      if (type === parent && id === parentId) continue
      refuse({
        rule: 'association-line-item-one-parent',
        status: 400,
        category: 'VALIDATION_ERROR',
        message: `Line item ${lineItemId} already belongs to ${objectTypes[type].singular} ${id} and can have one parent only.`,
        context: { fromObjectId: [lineItemId], toObjectId: [parentId] },
      })
    }
  }
}

function checkCap(portal: Portal, type: AssociationType, ends: { fromId: string; toId: string }): void {
  const company =
    type.from === 'companies' && type.to === 'contacts'
      ? ends.fromId
      : type.from === 'contacts' && type.to === 'companies'
        ? ends.toId
        : undefined
  if (company === undefined) return
  const contact = company === ends.fromId ? ends.toId : ends.fromId
  const contacts = portal.associations.linked('companies', company, 'contacts')
  if (contacts.size < contactsPerCompany || contacts.has(contact)) return
  refuse({
    rule: 'association-cap-per-record',
    status: 400,
    category: 'VALIDATION_ERROR',
    subCategory: 'crm.associations.ASSOCIATION_LIMIT_EXCEEDED',
    message: `Company ${company} cannot have more than ${contactsPerCompany} contacts.`,
    context: { fromObjectId: [ends.fromId], toObjectId: [ends.toId] },
  })
}
