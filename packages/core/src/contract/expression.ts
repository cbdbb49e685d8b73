/**
 * How a destination field gets its value: plain data, so that a contract can be stored, hashed and compared. Paths are dotted and start at the view of the
 * unit (see `views/`): `billingAddress.country`, `custom.newsletter`, `signals.orderCount`.
 */
export type Expression =
  | { op: 'path'; path: string }
  | { op: 'constant'; value: string | number | boolean }
  | { op: 'template'; template: string }
  | { op: 'coalesce'; of: readonly Expression[] }
  | { op: 'map'; of: Expression; values: Readonly<Record<string, string | number | boolean>>; otherwise?: string | number | boolean }
  | { op: 'localized'; path: string; locales: readonly string[] }
  | { op: 'amount'; path: string }
  | { op: 'currency'; path: string }
  | { op: 'date'; path: string; timeZone: string }
  | { op: 'join'; path: string; separator: string; limit?: number }
  | { op: 'count'; path: string }

/** The value at a path as it is. */
export const path = (at: string): Expression => ({ op: 'path', path: at })
/** A custom field of the source, by name. */
export const custom = (name: string): Expression => ({ op: 'path', path: `custom.${name}` })
/** Always the same value. */
export const constant = (value: string | number | boolean): Expression => ({ op: 'constant', value })
/** Text with `{path}` places; blank when every place is blank: `template('{firstName} {lastName}')`. */
export const template = (text: string): Expression => ({ op: 'template', template: text })
/** The first that is not blank. */
export const coalesce = (...of: Expression[]): Expression => ({ op: 'coalesce', of })
/** Values translated one by one; unlisted ones become `otherwise`, or blank. */
export const mapValues = (
  of: Expression,
  values: Readonly<Record<string, string | number | boolean>>,
  otherwise?: string | number | boolean,
): Expression => ({ op: 'map', of, values, ...(otherwise === undefined ? {} : { otherwise }) })
/** Localized text: the first of `locales` that has a text (`de` also matches `de-AT`), else any. */
export const localized = (at: string, ...locales: string[]): Expression => ({ op: 'localized', path: at, locales })
/** Exact decimal of an amount of money. */
export const amount = (at: string): Expression => ({ op: 'amount', path: at })
/** Currency code of an amount of money. */
export const currency = (at: string): Expression => ({ op: 'currency', path: at })
/** Calendar date (`YYYY-MM-DD`) of an instant in a time zone, UTC by default; a plain date passes as it is. */
export const date = (at: string, timeZone = 'UTC'): Expression => ({ op: 'date', path: at, timeZone })
/** A list as text. `limit` keeps the first ones. `items.name` reaches into the items. */
export const join = (at: string, separator = ', ', limit?: number): Expression => ({
  op: 'join',
  path: at,
  separator,
  ...(limit === undefined ? {} : { limit }),
})
/** Number of entries of a list. */
export const count = (at: string): Expression => ({ op: 'count', path: at })
