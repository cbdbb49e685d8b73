import type { Account } from '../account.ts'
import { stamp } from '../route.ts'
import type { Contact, ContactList, ContactTag, Field, FieldOption, FieldRelation, FieldValue, List, Tag } from './model.ts'

/** A contact in a reply. */
export function contactView({ id, email, firstName, lastName, phone, createdAt, updatedAt }: Contact): object {
  const times = { cdate: stamp(createdAt), udate: stamp(updatedAt) }
  const flags = { orgid: '0', deleted: '0', anonymized: '0' }
  return { ...times, email, phone, firstName, lastName, ...flags, created_timestamp: times.cdate, updated_timestamp: times.udate, id }
}

/** A list in a reply. */
export function listView({ id, name, stringid }: List): object {
  return { stringid, name, id }
}

/** A status in a reply. */
export function contactListView({ id, contact, list, status, sourceid, createdAt, updatedAt }: ContactList): object {
  return { contact, list, status, sourceid, sdate: stamp(createdAt), udate: stamp(updatedAt), id }
}

/** A field definition in a reply, with the ids of its options and relations. */
export function fieldView(account: Account): (field: Field) => object {
  return ({ id, title, type, descript, perstag, createdAt }) => ({
    title,
    type,
    descript,
    perstag,
    cdate: stamp(createdAt),
    options: account.fieldOptions.all().flatMap((option) => (option.field === id ? [option.id] : [])),
    relations: account.fieldRels.all().flatMap((relation) => (relation.field === id ? [relation.id] : [])),
    id,
  })
}

/** An option in a reply. */
export function fieldOptionView({ id, field, value, label, orderid }: FieldOption): object {
  return { field, orderid, value, label, isdefault: '0', id }
}

/** A relation in a reply. */
export function fieldRelView({ id, field, relid }: FieldRelation): object {
  return { field, relid, dorder: '0', id }
}

/** A value in a reply. */
export function fieldValueView({ id, contact, field, value, updatedAt }: FieldValue): object {
  return { contact, field, value, udate: stamp(updatedAt), id }
}

/** A tag in a reply. */
export function tagView({ id, tag, tagType, description, createdAt }: Tag): object {
  return { tag, tagType, description, cdate: stamp(createdAt), id }
}

/** A tag of a contact in a reply. */
export function contactTagView({ id, contact, tag, createdAt }: ContactTag): object {
  return { contact, tag, cdate: stamp(createdAt), id }
}
