import { foldEmail } from '@millrace/adapter-kit'
import { fieldName, isMillraceError, type DestinationContext, type Input, type Outcome } from '@millrace/core'
import type { Account } from './account.ts'
import { contactValues, emailOf } from './contact-values.ts'
import { isAlone, toRow, type Importable } from './import-row.ts'
import { heldOnItsWay, membershipChanges, listIdsFor, touchesMemberships, withoutDenied } from './memberships.ts'
import { startLists } from './start-consent.ts'
import { submitImports } from './submit-import.ts'
import { writeContact } from './write-contact.ts'

/** From so many contacts on an import is used; the vendor says to use contact/sync below (vendor notes, "Bulk import"). */
export const importFrom = 10

/** Whether a contact is from before go-live, so that no automation may greet it. */
export const isHistorical = (input: Input, prefix: string): boolean =>
  input.remoteId === undefined && (input.cause === 'backfill' || input.fields[fieldName('{prefix}_historical', prefix)] === true)

/**
 * Contacts whose address in the account is not the one we would import under: an import would make a second contact of them. Only known ones of which an earlier
 * attempt may or may not have changed the address are looked up.
 */
const moved = async (account: Account, inputs: readonly Input[], signal: AbortSignal): Promise<Set<Input>> => {
  const unsure = inputs.filter((input) => input.remoteId !== undefined && input.uncertain)
  const found = new Set<Input>(
    inputs.filter(
      (input) => input.remoteId !== undefined && !input.uncertain && input.changedFields.includes('email') && input.cause !== 'adoption',
    ),
  )
  if (unsure.length === 0) return found
  const addresses = await account.addresses.of(
    unsure.flatMap(({ remoteId }) => remoteId ?? []),
    signal,
    true,
  )
  for (const input of unsure) if (addresses.get(input.remoteId ?? '') !== foldEmail(emailOf(input) ?? '')) found.add(input)
  return found
}

/** The row of a contact; undefined when an import cannot carry what it needs. Throws what is wrong with it. */
const toImportable = async (account: Account, input: Input, ctx: DestinationContext): Promise<Importable | undefined> => {
  const email = emailOf(input)
  if (email === undefined) return undefined
  const encoded = contactValues(input, await account.schema.get(ctx.signal), ctx.contract)
  if ('error' in encoded) return undefined
  const lists = await listIdsFor(account, input, ctx.signal)
  const changes = touchesMemberships(input) ? withoutDenied(membershipChanges(input, lists), input, lists) : undefined
  // Imports only add.
  if (changes !== undefined && changes.removeTags.length + changes.removeLists.length > 0) return undefined
  const start = input.remoteId === undefined ? startLists(input, lists) : { subscribe: [], unsubscribe: [] }
  const { addLists = [], addTags = [] } = changes ?? {}
  const row = toRow(email, encoded.values, {
    tags: addTags.map(({ name }) => name),
    subscribe: [...start.subscribe, ...addLists.map(({ list }) => list)],
    unsubscribe: start.unsubscribe,
    historical: isHistorical(input, ctx.contract.prefix),
  })
  const objects = heldOnItsWay(input.objects, { addTags, addLists })
  return { input, row, objects }
}

/** The rows of those that can be imported. What is wrong with one comes out when it is written by itself. */
const importables = async (account: Account, inputs: readonly Input[], ctx: DestinationContext): Promise<Importable[]> => {
  const candidates = inputs.filter((input) => !isAlone(input))
  const elsewhere = await moved(account, candidates, ctx.signal)
  const rows: Importable[] = []
  for (const input of candidates) {
    if (elsewhere.has(input)) continue
    const row = await toImportable(account, input, ctx).catch((error: unknown) =>
      isRecordFault(error) ? undefined : Promise.reject(error),
    )
    if (row !== undefined) rows.push(row)
  }
  return rows
}

const isRecordFault = (error: unknown): boolean => isMillraceError(error) && error.scope === 'record'

/**
 * Delivers contacts: ten and more as bulk imports, fewer one by one. Historical ones go by import however few they are, because only an import keeps automations
 * out; so do those of which an earlier import may still be under way, which would overtake a direct write.
 */
export async function* deliverContacts(account: Account, inputs: readonly Input[], ctx: DestinationContext): AsyncGenerator<Outcome[]> {
  const mayImport = inputs.length >= importFrom || inputs.some((input) => input.uncertain || isHistorical(input, ctx.contract.prefix))
  const possible = mayImport ? await importables(account, inputs, ctx) : []
  const imported =
    possible.length >= importFrom ? possible : possible.filter(({ input }) => input.uncertain || isHistorical(input, ctx.contract.prefix))
  const byImport = new Set(imported.map(({ input }) => input))
  yield* submitImports(account, imported, ctx)
  for (const input of inputs) {
    if (byImport.has(input)) continue
    const outcomes = await writeContact(account, input, ctx)
    if (outcomes.length > 0) yield outcomes
  }
}
