import type { CheckFinding, ListedObject } from '@millrace/adapter-kit'
import type { Row } from './row.ts'

/** Where the log is kept. */
export interface Writer {
  /** Appends rows durably, all or none. A row that is there already changes nothing. */
  append(rows: readonly Row[]): Promise<void>
  /** Makes what is missing: the table, the view. */
  prepare(): Promise<void>
  /** What `prepare` would make. */
  missing(): Promise<string[]>
  check(): Promise<CheckFinding[]>
  /** Objects as they are now, in pages. */
  list(object: string, fields: readonly string[]): AsyncIterable<ListedObject[]>
  /** The code of an error of `append` that speaks of what a row holds, so that fewer rows may be taken; undefined for every other error. */
  refusal(error: unknown): string | undefined
  /** Takes everything out that is known of these keys, and of those they had before, and says so. Returns how many rows held something. */
  erase(keys: readonly { object: string; key: string }[], now: number): Promise<number>
  close(): Promise<void>
}
