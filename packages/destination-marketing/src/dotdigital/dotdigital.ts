import { foldEmail } from '@millrace/adapter-kit'
import type { DestinationContext, Found } from '@millrace/core'
import { fieldName } from '@millrace/core'
import { contactKeyField } from '../objects.ts'
import type { MarketingProvider } from '../provider.ts'
import { createAccounts } from './account.ts'
import { checkAccount } from './check.ts'
import { collectContacts } from './collect-contacts.ts'
import { collectDocuments } from './collect-documents.ts'
import { readConsentChanges } from './consent-changes.ts'
import { consentOfPeople } from './consent-state.ts'
import { deliverConsents } from './deliver-consents.ts'
import { deliverContacts } from './deliver-contacts.ts'
import { deliverDocuments } from './deliver-documents.ts'
import { deliverEvents } from './deliver-events.ts'
import { erasePeople } from './erase.ts'
import { estimateCalls } from './estimate.ts'
import { listAll, readAll } from './list.ts'
import { createLists } from './lists.ts'
import { contactFields } from './names.ts'
import { applyToAccount, planAccount } from './plan.ts'
import { contactsByEmail, fieldOf } from './read-contacts.ts'
import { removeAll } from './remove.ts'
import { resolveSettings, type DotdigitalSettings } from './settings.ts'
import { readTicket } from './slots.ts'

export type { DotdigitalSettings } from './settings.ts'

/** Dotdigital as a provider of {@link marketing}. Throws MillraceError `setting_invalid`. */
export const dotdigital = (input: DotdigitalSettings): MarketingProvider => {
  const settings = resolveSettings(input)
  const accounts = createAccounts(settings)
  const lists = createLists()
  // Of the last look-up only: the engine delivers what it has looked for before it looks for more.
  let absent: ReadonlySet<string> = new Set()
  const open = (ctx: DestinationContext) => accounts.open(ctx)
  return {
    name: 'dotdigital',
    contactFields,
    limits: { contacts: 5_000, consents: 5_000, documents: 1_000, events: 5_000, find: 5_000 },
    channels: ['email', 'sms'],
    contacts: (writes, ctx) => deliverContacts(open(ctx), writes, lists, absent),
    consents: (writes, ctx) => deliverConsents(open(ctx), writes),
    documents: (kind, writes, ctx) => deliverDocuments(open(ctx), kind, writes),
    events: (writes, ctx) => deliverEvents(open(ctx), writes),
    remove: (removals, ctx) => removeAll(open(ctx), removals),
    async find(emails, ctx): Promise<Found[]> {
      const { contract } = ctx
      const found = await contactsByEmail(open(ctx), emails, contract)
      absent = new Set(emails.map(foldEmail).filter((email) => !found.has(email)))
      const names = Object.keys(contract.objects['contact']?.fields ?? {})
      return [...found.values()].map((contact) => ({
        remoteId: contact.id,
        key: String(fieldOf(contact, fieldName(contactKeyField, contract.prefix)) ?? ''),
        value: contact.email,
        fields: Object.fromEntries(names.map((name) => [name, fieldOf(contact, name)])),
      }))
    },
    async *collect(tickets, ctx) {
      const read = tickets.map((ticket) => ({ ...ticket, ...readTicket(ticket.ticket) }))
      yield* collectContacts(
        open(ctx),
        read.filter(({ area }) => area === 'contacts'),
      )
      yield* collectDocuments(
        open(ctx),
        read.filter(({ area }) => area === 'insightData'),
      )
    },
    consentOf: (people, ctx) => consentOfPeople(open(ctx), people),
    consentChanges: (cursor, ctx) => readConsentChanges(open(ctx), cursor),
    list: (query, ctx) => listAll(open(ctx), query),
    read: (query, ctx) => readAll(open(ctx), query),
    erase: (people, ctx) => erasePeople(open(ctx), people),
    check: (ctx, depth) => checkAccount(open(ctx), depth),
    plan: (ctx) => planAccount(open(ctx)),
    apply: (changes, ctx) => applyToAccount(open(ctx), changes),
    estimate: estimateCalls,
    usage: () => accounts.usage(),
    close: () => accounts.close(),
  }
}
