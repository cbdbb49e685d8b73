import { hash } from 'node:crypto'
import { foldEmail } from '@millrace/adapter-kit'
import { isObject } from './json.ts'

/** What is kept of a contact while its import is under way: how its row is found in the report. Hashed, so that no address is kept. */
export interface ContactProgress {
  /** `id:<contact id>`, or `email:<hash>` of one that is new. */
  row: string
  /** True when the row may only create: a report that it was updated means that the contact was there already. */
  fresh: boolean
  /** Of consents: that nothing was settled before, and that an opt-in was left out. */
  first?: boolean
  refused?: boolean
}

/** How a report's rows and ours are told apart. */
export const rowOfId = (id: string): string => `id:${id}`
export const rowOfEmail = (email: string): string => `email:${hash('sha256', foldEmail(email), 'base64url').slice(0, 24)}`

/** Reads the progress of a unit that is pending; undefined when it holds none. */
export const contactProgress = (value: unknown): ContactProgress | undefined =>
  isObject(value) && typeof value['row'] === 'string'
    ? {
        row: value['row'],
        fresh: value['fresh'] === true,
        ...(typeof value['first'] === 'boolean' ? { first: value['first'] } : {}),
        refused: value['refused'] === true,
      }
    : undefined

/** Left behind when an import says that the contact is gone: the next attempt makes it anew. */
export const goneProgress = { gone: true } as const

/** Whether the last attempt found the contact gone. */
export const isGoneProgress = (value: unknown): boolean => isObject(value) && value['gone'] === true
