import type { CommerceRecord } from '../model/record.ts'
import type { FieldValue } from '../spec/destination.ts'

/** What a contract would change of one object. `fields` = how many records differ in each; `notSent` = records by the code of what stands in the way. */
export interface ContractObjectDiff {
  records: number
  changed: number
  unchanged: number
  archived: number
  fields: Record<string, number>
  notSent: Record<string, number>
}

/** Which records and fields the contract of the config would change. `from` = hash of the contract that was used last. */
export interface ContractDiff {
  connection: string
  from: string | null
  to: string
  objects: Record<string, ContractObjectDiff>
  examples: { object: string; unit: string; fields: string[] }[]
}

/**
 * An example kept beside a contract: records as the source gives them (a person's accounts and orders, or one other record) and what must become of them at one
 * object. Only the fields that are named are compared; `null` = it must not be sent, or be cleared.
 */
export interface ContractExample {
  name: string
  object: string
  records: readonly (Partial<CommerceRecord> & Pick<CommerceRecord, 'entity' | 'id'>)[]
  /** Name of the source; default `shop`. */
  source?: string
  /** Time of the mapping, ISO 8601; default 2026-01-01. */
  at?: string
  expect: {
    fields?: Readonly<Record<string, FieldValue>>
    /** `<kind>:<name>`, all of them. */
    memberships?: readonly string[]
    /** Code of the problem or refusal. */
    code?: string
  }
}

/** What came of the examples of one connection. */
export interface ContractTestReport {
  connection: string
  passed: number
  failed: { name: string; problems: string[] }[]
}

/** One version of a connection's contract, from when it was first used. */
export interface ContractVersionReport {
  hash: string
  since: string
  actor: string
  active: boolean
  contract: unknown
}
