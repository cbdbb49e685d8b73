import type { Row } from '../table.ts'

/** SMS state, written by GraphQL orders only. */
export interface SmsConsent {
  readonly state: string
  readonly optInLevel: string | undefined
  readonly updatedAt: string | undefined
}

/** A contact. Times are epoch ms. */
export interface Contact extends Row {
  readonly email: string
  readonly firstName: string
  readonly lastName: string
  readonly phone: string
  readonly createdAt: number
  readonly updatedAt: number
  readonly sms: SmsConsent | undefined
}

/** A mailing list. */
export interface List extends Row {
  readonly name: string
  readonly stringid: string
}

/** Status of a contact on a list: 0 unconfirmed, 1 subscribed, 2 unsubscribed, 3 bounced. */
export interface ContactList extends Row {
  readonly contact: string
  readonly list: string
  readonly status: '0' | '1' | '2' | '3'
  readonly sourceid: string
  readonly createdAt: number
  readonly updatedAt: number
}

/** A custom contact field. */
export interface Field extends Row {
  readonly title: string
  readonly type: string
  readonly descript: string
  readonly perstag: string
  readonly createdAt: number
}

/** An option of a dropdown, listbox, radio or checkbox field. */
export interface FieldOption extends Row {
  readonly field: string
  readonly value: string
  readonly label: string
  readonly orderid: string
}

/** Relates a field to a list; `0` is all lists. */
export interface FieldRelation extends Row {
  readonly field: string
  readonly relid: string
}

/** Puts a field into a group of the contact page. */
export interface GroupMember extends Row {
  readonly relId: string
  readonly groupId: string
}

/** Value of a field at a contact. */
export interface FieldValue extends Row {
  readonly contact: string
  readonly field: string
  readonly value: string
  readonly updatedAt: number
}

/** A tag. */
export interface Tag extends Row {
  readonly tag: string
  readonly tagType: string
  readonly description: string
  readonly createdAt: number
}

/** A tag at a contact. */
export interface ContactTag extends Row {
  readonly contact: string
  readonly tag: string
  readonly createdAt: number
}
