import { MillraceError } from '@millrace/core'
import type { Dialect } from '../dialect/dialect.ts'

/** What is not sent because the person has not agreed to it. */
export const consentRequired = (
  dialect: Dialect,
  what: string,
  { channel, purpose }: { channel: string; purpose: string },
): MillraceError =>
  new MillraceError({
    code: 'consent_required',
    message: `The person has not granted ${channel}/${purpose} at ${dialect.label}, so ${what} was not sent. Nothing is sent without it: make it depend on the consent in the contract, or replay once it is given.`,
    context: { channel, purpose },
  })

/** A list that the contract names and the CRM does not have. */
export const listUnknown = (dialect: Dialect, name: string): MillraceError =>
  new MillraceError({
    code: 'list_unknown',
    field: name,
    message: `${dialect.label} has no ${name}. Its administrator makes lists: let it be made there, or correct the name in the contract, then replay.`,
  })

/** Something newer was written about this person meanwhile. The next attempt carries a newer version. */
export const versionBehind = (dialect: Dialect): MillraceError =>
  new MillraceError({
    code: 'version_changed',
    retryable: true,
    message: `${dialect.label} was told something newer about this person meanwhile. It is sent again with a newer version.`,
  })

/** The person opted out there after the opt-in was decided. */
export const optedOutThere = (dialect: Dialect): MillraceError =>
  new MillraceError({
    code: 'consent_evidence_required',
    message: `${dialect.label} holds an opt-out of this person, which this opt-in may not lift. Nothing has to be done, unless the person opts in anew with evidence.`,
  })

/** Something about a contact that is not there yet. */
export const contactAwaited = (dialect: Dialect): MillraceError =>
  new MillraceError({
    code: 'contact_unknown',
    retryable: true,
    retryAfterMs: 5_000,
    message: `${dialect.label} does not have the contact yet. It is sent again after the contact.`,
  })
