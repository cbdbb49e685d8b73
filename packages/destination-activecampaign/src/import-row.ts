import { foldEmail } from '@millrace/adapter-kit'
import { hash } from 'node:crypto'
import type { Input } from '@millrace/core'
import type { ContactValues } from './contact-values.ts'
import { isObject, textOf } from './json.ts'

/** One contact of a bulk import, as it is sent. */
export interface ImportRow {
  email: string
  first_name?: string
  last_name?: string
  phone?: string
  tags?: string[]
  fields?: { id: string; value: string }[]
  subscribe?: { listid: string }[]
  unsubscribe?: { listid: string }[]
  exclude_automations?: true
}

/** An input with its row, and what is kept while the import is pending. */
export interface Importable {
  input: Input
  row: ImportRow
  objects: Record<string, string>
}

/** What an import adds to a contact besides its values. Lists by id. */
export interface RowExtras {
  tags?: readonly string[]
  subscribe?: readonly string[]
  unsubscribe?: readonly string[]
  historical: boolean
}

const listsOf = (ids: readonly string[] = []): { listid: string }[] => [...new Set(ids)].map((listid) => ({ listid }))

/** Writes a row. Nothing that is not given is part of it: an import leaves alone what it does not name. */
export const toRow = (email: string, { own, custom }: ContactValues, extras: RowExtras): ImportRow => {
  const { tags = [], historical } = extras
  const [subscribe, unsubscribe] = [listsOf(extras.subscribe), listsOf(extras.unsubscribe)]
  return {
    email,
    ...(own.firstName === undefined ? {} : { first_name: own.firstName }),
    ...(own.lastName === undefined ? {} : { last_name: own.lastName }),
    ...(own.phone === undefined ? {} : { phone: own.phone }),
    ...(tags.length === 0 ? {} : { tags: [...tags] }),
    ...(custom.length === 0 ? {} : { fields: custom.map(({ field, value }) => ({ id: field, value })) }),
    ...(subscribe.length === 0 ? {} : { subscribe }),
    ...(unsubscribe.length === 0 ? {} : { unsubscribe }),
    ...(historical ? { exclude_automations: true } : {}),
  }
}

/** What a ticket remembers of a unit: whose row it was, without the address itself. */
export interface ImportProgress {
  import: string
  isNew: boolean
  /** When it was submitted, epoch ms. */
  since: number
  /** It only says no: an address that ActiveCampaign excludes has what was asked for. */
  denies: boolean
}

/** An address as the ticket remembers it. */
export const addressHash = (email: string): string => hash('sha256', foldEmail(email), 'hex').slice(0, 32)

/** Reads what a ticket remembered. */
export const importProgress = (progress: unknown): ImportProgress | undefined => {
  const address = textOf(progress, 'import')
  return address === undefined || !isObject(progress)
    ? undefined
    : {
        import: address,
        isNew: progress['isNew'] === true,
        since: Number(progress['since'] ?? Number.NaN),
        denies: progress['denies'] === true,
      }
}

/** Left behind by an import that dropped the contact without a reason: the next attempt writes it by itself, which tells one. */
export const alone = { alone: true } as const

/** Whether an input has to go by itself. */
export const isAlone = ({ progress }: Pick<Input, 'progress'>): boolean => isObject(progress) && progress['alone'] === true
