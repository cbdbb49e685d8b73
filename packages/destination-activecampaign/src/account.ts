import { sumUsage } from '@millrace/adapter-kit'
import type { DestinationContext, Usage } from '@millrace/core'
import { openClient, type Client } from './client.ts'
import { createConnections, type Connections } from './connections.ts'
import { createDirectory, type Directory } from './directory.ts'
import { readFields, type Schema } from './field.ts'
import { createLists, type Lists } from './lists.ts'
import { createAddressBook, type AddressBook } from './address-book.ts'
import { remembered, type Remembered } from './remembered.ts'
import type { Settings } from './settings.ts'
import { createTags, type Tags } from './tags.ts'

/** One ActiveCampaign account, with everything of it that is read once and kept. */
export interface Account {
  readonly client: Client
  readonly settings: Settings
  readonly schema: Remembered<Schema>
  readonly lists: Lists
  readonly tags: Tags
  readonly connections: Connections
  readonly addresses: AddressBook
  readonly directory: Directory
}

/** Makes and keeps the account of a destination. */
export interface AccountSource {
  open(ctx: Pick<DestinationContext, 'clock' | 'logger'>): Account
  usage(): Usage
  close(): void
}

const openAccount = (settings: Settings, { clock, logger }: Pick<DestinationContext, 'clock' | 'logger'>): Account => {
  const client = openClient(settings, clock, logger)
  return {
    client,
    settings,
    schema: remembered((signal) => readFields(client, signal)),
    lists: createLists(client, clock),
    tags: createTags(client),
    connections: createConnections(client, settings),
    addresses: createAddressBook(client),
    directory: createDirectory(client, clock),
  }
}

/** Opens the account on first use and keeps it as long as the clock is the same. */
export const createAccountSource = (settings: Settings): AccountSource => {
  const opened: Client[] = []
  let current: { clock: DestinationContext['clock']; account: Account } | undefined
  return {
    open(ctx) {
      if (current?.clock === ctx.clock) return current.account
      const account = openAccount(settings, ctx)
      opened.push(account.client)
      current = { clock: ctx.clock, account }
      return account
    },
    usage: () => sumUsage(opened),
    close() {
      for (const client of opened) client.close()
      current = undefined
    },
  }
}
