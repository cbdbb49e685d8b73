import { isMillraceError, MillraceError, type DestinationContext, type Outcome, type Ticket, type TicketUnit } from '@millrace/core'
import type { Account } from './account.ts'
import { isSuccess } from './client.ts'
import { addressHash, alone, importProgress } from './import-row.ts'
import { asList, asText, memberInAnyCase } from './json.ts'
import { there } from './memberships.ts'
import { failed } from './outcome.ts'
import { nextCheckMs } from './submit-import.ts'
import { syncContact } from './write-contact.ts'

const dropped = (): MillraceError =>
  new MillraceError({
    code: 'import_dropped',
    retryable: true,
    message:
      'The import of ActiveCampaign left this contact out without a reason: usually its address is excluded or bounced. It is written by itself, which tells why.',
  })

const lost = (): MillraceError =>
  new MillraceError({
    code: 'import_lost',
    retryable: true,
    message: 'ActiveCampaign does not know this import any more, or did not say what became of the contact. It is sent again.',
    context: { applied: 'unknown' },
  })

const replaced = (): MillraceError =>
  new MillraceError({
    code: 'import_replaced',
    retryable: true,
    message:
      'The contact was deleted in ActiveCampaign, or has another address there, so the import made a new one that holds only what had changed. It is written whole.',
  })

/** How long an import may be open until nothing waits for it any more. Consent does not wait long: behind it an opt-out may wait. */
const patienceMs = { consent: 15 * 60_000, contact: 6 * 60 * 60_000 }

/** What is still open: asked for again, unless the import seems to end never. A contact goes by another import, which cannot be overtaken by the first. */
const stillOpen = (unit: TicketUnit, ticket: string, now: number): Outcome => {
  const isConsent = unit.object === 'subscription'
  const openForMs = now - (importProgress(unit.progress)?.since ?? now)
  if (openForMs > (isConsent ? patienceMs.consent : patienceMs.contact))
    return failed(unit, lost(), { ...remoteIdOf(unit), ...(isConsent ? { progress: alone } : {}) })
  const { unit: name, objects, progress } = unit
  return { unit: name, result: 'pending', ticket, checkAfterMs: nextCheckMs, objects, progress, ...remoteIdOf(unit) }
}

/** Everything that was on its way is there now. */
const arrived = (objects: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(objects).map(([key, value]) => [key, value === '' ? there : value]))

type Info = { state: 'open' } | { state: 'lost' } | { state: 'done'; succeeded: Set<string>; failed: Map<string, string> }

const readInfo = async ({ client }: Account, ticket: string, signal: AbortSignal): Promise<Info> => {
  const call = 'state of an import'
  const reply = await client.send({ method: 'GET', path: 'import/info', query: { batchId: ticket }, call, signal })
  if (reply.status === 404) return { state: 'lost' }
  if (!isSuccess(reply)) throw client.error(reply, call)
  const { body } = reply
  const status = asText(memberInAnyCase(body, 'status'))?.toLowerCase()
  if (status === undefined) throw client.error(reply, call)
  if (!/complete|done|finish|fail/.test(status)) return { state: 'open' }
  const list = (name: string): string[] => asList(memberInAnyCase(body, name)).flatMap((one) => asText(one) ?? [])
  return {
    state: 'done',
    succeeded: new Set(list('success')),
    failed: new Map(list('failure').map((email) => [addressHash(email), email])),
  }
}

const delivered = (unit: TicketUnit, remoteId: string, created: boolean): Outcome => ({
  unit: unit.unit,
  result: 'delivered',
  created,
  remoteId,
  objects: arrived(unit.objects),
})

/** Ids of the contacts that an import made, by the hash of their address: the answer names ids only. */
const identify = async (account: Account, ids: readonly string[], signal: AbortSignal): Promise<Map<string, string>> => {
  const addresses = await account.addresses.of(ids, signal, true)
  return new Map([...addresses].map(([id, email]) => [addressHash(email), id]))
}

const settle = async (
  account: Account,
  units: readonly TicketUnit[],
  info: Extract<Info, { state: 'done' }>,
  signal: AbortSignal,
): Promise<Outcome[]> => {
  const outcomes: Outcome[] = []
  const open: TicketUnit[] = []
  const taken = new Set<string>()
  for (const unit of units) {
    const progress = importProgress(unit.progress)
    const email = progress === undefined ? undefined : info.failed.get(progress.import)
    if (email !== undefined) outcomes.push(await explain(account, unit, { email, denies: progress?.denies === true }, signal))
    else if (unit.remoteId !== undefined && info.succeeded.has(unit.remoteId)) {
      taken.add(unit.remoteId)
      outcomes.push(delivered(unit, unit.remoteId, false))
    } else open.push(unit)
  }
  if (open.length === 0) return outcomes
  const ids = await identify(
    account,
    [...info.succeeded].filter((id) => !taken.has(id)),
    signal,
  )
  for (const unit of open) {
    const progress = importProgress(unit.progress)
    const id = progress === undefined ? undefined : ids.get(progress.import)
    if (id === undefined) outcomes.push(failed(unit, lost(), remoteIdOf(unit)))
    else if (unit.remoteId !== undefined)
      outcomes.push(failed(unit, replaced(), { ...remoteIdOf(unit), objects: withoutOpen(unit.objects), progress: alone }))
    else outcomes.push(delivered(unit, id, progress?.isNew === true))
  }
  return outcomes
}

const remoteIdOf = ({ remoteId }: TicketUnit): { remoteId?: string } => (remoteId === undefined ? {} : { remoteId })

/**
 * Why an import dropped a contact: it tells addresses only. An upsert of the bare address says whether it is excluded; if it is not, the contact is handed back to
 * be written by itself, which tells of anything else.
 */
const explain = async (
  account: Account,
  unit: TicketUnit,
  row: { email: string; denies: boolean },
  signal: AbortSignal,
): Promise<Outcome> => {
  const known = { objects: withoutOpen(unit.objects), ...remoteIdOf(unit) }
  try {
    await syncContact(account, { own: { email: row.email }, custom: [] }, signal)
  } catch (error) {
    if (!isMillraceError(error) || error.scope === 'destination' || error.code === 'aborted') throw error
    if (row.denies && error.code === 'email_excluded') return { unit: unit.unit, result: 'delivered', created: false, ...known }
    if (!error.retryable) return failed(unit, error, known)
  }
  return failed(unit, dropped(), { ...known, progress: alone })
}

/** The import did nothing, so what was on its way is not there. */
const withoutOpen = (objects: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(objects).filter(([, value]) => value !== ''))

/**
 * Asks what became of imports, one request each, and settles their contacts one by one: by their id, else by the address behind the ids that the import names.
 * A contact that was dropped in silence is handed back to be written by itself.
 */
export async function* collectImports(account: Account, tickets: readonly Ticket[], ctx: DestinationContext): AsyncGenerator<Outcome[]> {
  for (const { ticket, units } of tickets) {
    const info = await readInfo(account, ticket, ctx.signal)
    if (info.state === 'done') yield await settle(account, units, info, ctx.signal)
    else if (info.state === 'lost') yield units.map((unit) => failed(unit, lost(), remoteIdOf(unit)))
    else yield units.map((unit) => stillOpen(unit, ticket, ctx.clock.now()))
  }
}
