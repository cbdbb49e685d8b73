import type { Predicate } from './predicate.ts'

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
  | { op: 'date'; path: string; timeZone?: string }
  | { op: 'join'; path: string; separator: string; limit?: number }
  | { op: 'count'; path: string }
  | { op: 'when'; test: Predicate; value: Expression; otherwise?: Expression }
  | { op: 'holds'; test: Predicate }
  | { op: 'lower' | 'upper' | 'trim'; of: Expression }
  | { op: 'replace'; of: Expression; search: string; by: string }
  | { op: 'minor'; path: string }
  | { op: 'round'; of: Expression; digits: number }
  | { op: 'hash'; of: Expression }
  | { op: 'email'; of: Expression }
  | { op: 'phone'; of: Expression; country?: Expression }
  | { op: 'transform'; name: string; of: readonly Expression[] }

/** What a generated types file knows; see `millrace contract types`. An interface, so that the file can add to it. `path` = a union of paths. */
export interface KnownNames {}

/** A path: any text, completed in the editor by those that are known. */
export type Path = KnownNames extends { path: infer Known extends string } ? Known | (string & Record<never, never>) : string

/** The value at a path as it is. */
export const path = (at: Path): Expression => ({ op: 'path', path: at })
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
export const localized = (at: Path, ...locales: string[]): Expression => ({ op: 'localized', path: at, locales })
/** Exact decimal of an amount of money. */
export const amount = (at: Path): Expression => ({ op: 'amount', path: at })
/** Currency code of an amount of money. */
export const currency = (at: Path): Expression => ({ op: 'currency', path: at })
/** Calendar date (`YYYY-MM-DD`) of an instant in a time zone, by default the contract's (`timeZone`, else UTC); a plain date passes as it is. */
export const date = (at: Path, timeZone?: string): Expression => ({
  op: 'date',
  path: at,
  ...(timeZone === undefined ? {} : { timeZone }),
})
/** A list as text. `limit` keeps the first ones. `items.name` reaches into the items. */
export const join = (at: Path, separator = ', ', limit?: number): Expression => ({
  op: 'join',
  path: at,
  separator,
  ...(limit === undefined ? {} : { limit }),
})
/** Number of entries of a list. */
export const count = (at: Path): Expression => ({ op: 'count', path: at })
/** One value or the other; blank when the predicate does not hold and there is no other. */
export const when = (test: Predicate, value: Expression, otherwise?: Expression): Expression => ({
  op: 'when',
  test,
  value,
  ...(otherwise === undefined ? {} : { otherwise }),
})
/** Whether a predicate holds, as true or false. */
export const holds = (test: Predicate): Expression => ({ op: 'holds', test })
/** Text in lower case. */
export const lower = (of: Expression): Expression => ({ op: 'lower', of })
/** Text in upper case. */
export const upper = (of: Expression): Expression => ({ op: 'upper', of })
/** Text without outer white space, each inner white space a single blank. */
export const trim = (of: Expression): Expression => ({ op: 'trim', of })
/** Text in which every `search` became `by`. Plain text, not a pattern. */
export const replace = (of: Expression, search: string, by: string): Expression => ({ op: 'replace', of, search, by })
/** An amount of money in whole minor units of its currency (1999 for 19.99 EUR, 500 for 500 JPY), rounded half away from zero. */
export const minorUnits = (at: Path): Expression => ({ op: 'minor', path: at })
/** A decimal with so many digits after the point, rounded half away from zero. */
export const round = (of: Expression, digits: number): Expression => ({ op: 'round', of, digits })
/** SHA-256 of a text that was trimmed, Unicode-normalised and lower-cased, as 64 hex digits: the form in which advertising platforms match e-mails. */
export const hashed = (of: Expression): Expression => ({ op: 'hash', of })
/** An e-mail whose syntax is right; blank for any other text. */
export const validEmail = (of: Expression): Expression => ({ op: 'email', of })
/**
 * A phone number as E.164 (`+4930123456`); blank for what is none. Numbers without a country code are read as those of `country` (ISO 3166-1 alpha-2).
 */
export const phoneNumber = (of: Expression, country?: Expression): Expression => ({
  op: 'phone',
  of,
  ...(country === undefined ? {} : { country }),
})
/** Own code, by its name and version (`loyalty@2`) among the connection's `transforms`. The contract and its hash hold only the name: a change needs a new version. */
export const transform = (name: string, ...of: Expression[]): Expression => ({ op: 'transform', name, of })
