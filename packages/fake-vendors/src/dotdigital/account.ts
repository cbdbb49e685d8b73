import { createRandom, type Random } from '../http/index.ts'
import { createContactStore, type ContactStore } from './contacts/store.ts'
import type { EventOccurrence } from './events/routes.ts'
import type { Collection } from './insight/collection.ts'
import { createJobs, type Jobs } from './jobs.ts'
import type { Settings } from './options.ts'
import { defaultDataFields, type DataField } from './v2/data-field.ts'

/** A contact list; version 2 calls it address book. */
export interface ContactList {
  readonly id: number
  name: string
  visibility: 'Private' | 'Public'
}

/** An e-mail the account sent by itself: a challenge to resubscribe or a confirmation of a verified double opt-in. */
export interface SentMail {
  readonly at: number
  readonly to: string
  readonly kind: 'resubscribe-challenge' | 'confirm-opt-in'
}

/** Final states of a contacts import that applies nothing. */
export type FailedImportStatus = 'RejectedByWatchdog' | 'Failed' | 'ExceedsAllowedContactLimit'

/** Everything an account holds. */
export interface Account {
  readonly settings: Settings
  readonly random: Random
  readonly contacts: ContactStore
  readonly lists: Map<number, ContactList>
  /** By upper case name. */
  readonly dataFields: Map<string, DataField>
  /** By exact name. */
  readonly collections: Map<string, Collection>
  readonly events: EventOccurrence[]
  readonly jobs: Jobs
  readonly mails: SentMail[]
  /** Addresses in lower case that no account may write to. */
  readonly globalSuppressions: Set<string>
  readonly suppressedDomains: Set<string>
  /** How the next imports of contacts end, first come first served. */
  readonly nextImportEnds: FailedImportStatus[]
  /** How many of the next imports of insight data end as Failed. */
  failingInsightImports: number
  newListId(): number
  newId(): string
}

/** Creates an empty account. */
export function createAccount(settings: Settings): Account {
  const random = createRandom(settings.seed)
  const newId = (): string => {
    const digits = Array.from({ length: 32 }, () => random.integer(16).toString(16)).join('')
    return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join('-')
  }
  let nextListId = 40_001 + random.integer(500)
  return {
    settings,
    random,
    contacts: createContactStore(500_000_001 + random.integer(5000)),
    lists: new Map(),
    dataFields: new Map(defaultDataFields.map((field) => [field.name, field])),
    collections: new Map(),
    events: [],
    jobs: createJobs(settings, newId),
    mails: [],
    globalSuppressions: new Set(),
    suppressedDomains: new Set(),
    nextImportEnds: [],
    failingInsightImports: 0,
    newListId() {
      nextListId += 7
      return nextListId
    },
    newId,
  }
}
