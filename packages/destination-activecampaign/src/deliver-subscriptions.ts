import { deliverEach, foldEmail } from '@millrace/adapter-kit'
import { isMillraceError, MillraceError, type ConsentDecision, type DestinationContext, type Input, type Outcome } from '@millrace/core'
import type { Account } from './account.ts'
import { emailOf, keyValue } from './contact-values.ts'
import { importFrom } from './deliver-contacts.ts'
import { setAcceptsMarketing } from './ecom-customers.ts'
import { isAlone, toRow, type Importable } from './import-row.ts'
import { readStatuses, writeStatus, type ListStatus } from './list-status.ts'
import { listIdsFor } from './memberships.ts'
import { findByEmail } from './read-contact.ts'
import { writeSmsConsent } from './sms-consent.ts'
import { submitImports } from './submit-import.ts'
import { syncContact } from './write-contact.ts'

/** A decision about one list. */
interface ListDecision extends ConsentDecision {
  list: string
}

const noTarget = (topic: string): MillraceError =>
  new MillraceError({
    code: 'list_unknown',
    field: topic,
    message: `The consent topic "${topic}" names no list of the account. Give the id or the name of a list as its target.`,
  })

/** Decisions about e-mail with their lists, opt-outs first; of two topics that share a list the denial counts. Throws MillraceError `list_unknown`. */
const listDecisions = ({ consent }: Input, lists: ReadonlyMap<string, string>): ListDecision[] => {
  const decisions = consent
    .filter(({ channel, status }) => channel === 'email' && status !== 'unknown')
    .map((decision) => {
      const list = decision.target === undefined ? undefined : lists.get(decision.target.toLowerCase())
      if (list === undefined) throw noTarget(decision.topic)
      return { ...decision, list }
    })
  const { denied = [], granted = [] } = Object.groupBy(decisions, ({ status }) => (status === 'denied' ? 'denied' : 'granted'))
  return [...denied, ...granted.filter(({ list }) => !denied.some((one) => one.list === list))]
}

const contactOf = async (
  account: Account,
  input: Input,
  ctx: DestinationContext,
): Promise<{ contact: string; isNew: boolean } | undefined> => {
  const known = input.parents[0]?.remoteId ?? input.remoteId
  if (known !== undefined) return { contact: known, isNew: false }
  const email = emailOf(input)
  if (email === undefined)
    throw new MillraceError({ code: 'no_email', field: 'email', message: 'There is no contact and no address to find one by.' })
  const found = await findByEmail(account.client, email, ctx.signal)
  if (found !== undefined) return { contact: found.id, isNew: false }
  // The profile may be late or a dead letter: what the person said is kept all the same.
  const key = keyValue(input.key, await account.schema.get(ctx.signal), ctx.contract)
  return syncContact(account, { own: { email }, custom: [key] }, ctx.signal)
}

const optOutStands = (topic: string): MillraceError =>
  new MillraceError({
    code: 'opt_out_stands',
    field: topic,
    message: `The person left the list of "${topic}" in ActiveCampaign, or their address bounced there, so the opt-in was not written. A newer explicit opt-in with evidence lifts an unsubscription; a bounce only ActiveCampaign does.`,
  })

/** Whether a status may be written over the one that is there (vendor notes, "Consent summary"). A bounce is lifted by nobody. */
const mayWrite = (decision: ListDecision, now: ListStatus | undefined): boolean => {
  if (decision.status === 'denied') return now?.status !== '2' && now?.status !== '3'
  if (now === undefined || now.status === '0') return true
  return now.status === '2' && decision.mayResubscribe
}

const writeOne = async (account: Account, input: Input, ctx: DestinationContext): Promise<Outcome | undefined> => {
  const { signal } = ctx
  const decisions = listDecisions(input, await listIdsFor(account, input, signal))
  let target = await contactOf(account, input, ctx).catch((error: unknown) => {
    // Nothing can be sent to an excluded address: an opt-out of it is kept by the exclusion itself.
    if (isMillraceError(error) && error.code === 'email_excluded' && decisions.every(({ status }) => status === 'denied'))
      return 'excluded' as const
    throw error
  })
  if (target === 'excluded') return { unit: input.unit, result: 'delivered', created: false }
  if (target === undefined) return undefined
  // Also of one that was made just now: a 1 over an unsubscription would lift it.
  let statuses = await readStatuses(account.client, target.contact, signal)
  if (statuses === undefined) {
    // The contact is gone: found anew, or made with nothing but its address.
    const { remoteId: _gone, ...rest } = input
    target = await contactOf(account, { ...rest, parents: [] }, ctx)
    if (target === undefined) return undefined
    statuses = (await readStatuses(account.client, target.contact, signal)) ?? new Map<string, ListStatus>()
  }
  const { contact, isNew } = target
  let refusal: MillraceError | undefined
  // Opt-outs come first: whatever stops afterwards, they are there.
  for (const decision of decisions) {
    const now = statuses.get(decision.list)
    if (!mayWrite(decision, now)) {
      if (decision.status === 'granted' && now?.status !== '1') refusal ??= optOutStands(decision.topic)
      continue
    }
    const status = decision.status === 'denied' ? '2' : '1'
    const written = await writeStatus(account.client, { contact, list: decision.list, status, resubscribed: now?.status === '2' }, signal)
    if (written === 'gone') throw noTarget(decision.topic)
  }
  await writeFlag(account, input, decisions, ctx)
  await writeSmsConsent(account, input, ctx)
  if (refusal !== undefined) throw refusal
  return { unit: input.unit, result: 'delivered', created: isNew && !input.uncertain, remoteId: contact }
}

/** The flag of e-commerce customers: true only while nothing is denied. */
const writeFlag = async (account: Account, input: Input, decisions: readonly ListDecision[], ctx: DestinationContext): Promise<void> => {
  const email = emailOf(input)
  if (email === undefined || decisions.length === 0 || !('order' in ctx.contract.objects)) return
  if ((await account.connections.known(ctx.signal)).size === 0) return
  await setAcceptsMarketing(
    account,
    email,
    decisions.every(({ status }) => status === 'granted'),
    ctx.signal,
  )
}

/** Whether an import can carry it: imports never lift an unsubscription, and know no SMS. */
const toImportable = (input: Input, lists: ReadonlyMap<string, string>, key: { field: string; value: string }): Importable | undefined => {
  const email = emailOf(input)
  if (email === undefined || isAlone(input)) return undefined
  if (input.consent.some(({ channel, status, mayResubscribe }) => mayResubscribe || (channel === 'sms' && status !== 'unknown')))
    return undefined
  const decisions = listDecisions(input, lists)
  if (decisions.length === 0) return undefined
  const of = (status: ConsentDecision['status']): string[] =>
    decisions.flatMap((decision) => (decision.status === status ? [decision.list] : []))
  const extras = { subscribe: of('granted'), unsubscribe: of('denied'), historical: input.cause === 'backfill' }
  const custom = input.parents.length === 0 && input.remoteId === undefined ? [key] : []
  return { input, row: toRow(email, { own: {}, custom }, extras), objects: { ...input.objects } }
}

const importables = async (account: Account, inputs: readonly Input[], ctx: DestinationContext): Promise<Importable[]> => {
  const targets = inputs.flatMap(({ consent }) =>
    consent.flatMap(({ channel, target }) => (channel === 'email' && target !== undefined ? [target] : [])),
  )
  const lists = await account.lists.get(ctx.signal, [...new Set(targets)])
  const schema = await account.schema.get(ctx.signal)
  // Only those whose address is the one that their contact has: another would become a second contact.
  const addresses = await account.addresses.of(
    inputs.flatMap(({ parents }) => parents[0]?.remoteId ?? []),
    ctx.signal,
  )
  return inputs.flatMap((input) => {
    const held = addresses.get(input.parents[0]?.remoteId ?? '')
    if (input.parents.length > 0 && held !== foldEmail(emailOf(input) ?? '')) return []
    try {
      return toImportable(input, lists, keyValue(input.key, schema, ctx.contract)) ?? []
    } catch (error) {
      if (isMillraceError(error) && error.scope === 'record') return []
      throw error
    }
  })
}

/**
 * Delivers consent. A few go one by one, read before they are written; ten and more by import, which subscribes nobody who unsubscribed. Opt-outs go first in
 * either way, and by calls that may go before others.
 */
export async function* deliverSubscriptions(
  account: Account,
  inputs: readonly Input[],
  ctx: DestinationContext,
): AsyncGenerator<Outcome[]> {
  const denies = ({ consent }: Input): number => (consent.some(({ status }) => status === 'denied') ? 0 : 1)
  const sorted = inputs.toSorted((a, b) => denies(a) - denies(b))
  const possible = sorted.length < importFrom ? [] : await importables(account, sorted, ctx)
  const imported = possible.length < importFrom ? [] : possible
  const byImport = new Set(imported.map(({ input }) => input))
  yield* submitImports(account, imported, ctx)
  const others = sorted.filter((input) => !byImport.has(input))
  yield* deliverEach(others, { concurrency: 1, signal: ctx.signal, deliver: (input) => writeOne(account, input, ctx) })
}
