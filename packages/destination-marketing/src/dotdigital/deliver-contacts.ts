import { chunk, foldEmail, type ImportSlots } from '@millrace/adapter-kit'
import { isMillraceError, type MillraceError, type Outcome } from '@millrace/core'
import type { ContactWrite } from '../provider.ts'
import type { Account } from './account.ts'
import { blankContact, knownContact, newContact, type ContactBody } from './contact-body.ts'
import { isGoneProgress, rowOfEmail, rowOfId, type ContactProgress } from './contact-progress.ts'
import { changeOfLists, firstLists, hasManyLists, joinLists, leaveLists, mustKnowLists, type Lists } from './lists.ts'
import { contactsByEmail, fieldOf, getContact } from './read-contacts.ts'
import { openSlots, ticketOf } from './slots.ts'
import { fitting, startImports, stopsAll } from './start-import.ts'
import { isOurs, writeContact } from './write-contact.ts'

/** First look at an import; then every ten seconds. */
export const firstCheckMs = 5_000

/**
 * Delivers contacts: few by single calls, many by imports. What may still be under way from an earlier attempt goes by import too, so that it is not overtaken:
 * a call that is applied at once would lose to an older import that is applied afterwards. What clears a field goes the same way. `absent` = addresses that were
 * just looked for and not found.
 */
export async function* deliverContacts(
  account: Account,
  writes: readonly ContactWrite[],
  lists: Lists,
  absent: ReadonlySet<string>,
): AsyncGenerator<Outcome[]> {
  const many = writes.length >= account.settings.bulkFrom
  const { known, outcomes } = await lookUp(
    account,
    writes.map(withoutGone),
    (write) => write.uncertain || (many && !absent.has(foldEmail(write.email))),
  )
  if (outcomes.length > 0) yield outcomes
  // A row of an import cannot make one with more lists than a write can name: the others are joined by its id.
  const isSingle = (write: ContactWrite): boolean =>
    (write.id === undefined && hasManyLists(write, account)) || (!many && !needsImport(write))
  const singles = known.filter(isSingle)
  for (const write of singles) {
    const outcome = await settled(write.unit, () => writeContact(account, write, lists))
    if (outcome !== undefined) yield [outcome]
  }
  const imported = known.filter((write) => !isSingle(write))
  const slots = openSlots('contacts', account.ctx)
  // One import holds no address and no id twice: the vendor refuses the second.
  for (const batch of chunk(imported, imported.length || 1, ({ email }) => foldEmail(email)))
    yield* importBatch(account, batch, lists, slots)
}

/** Only of imports it is known that null clears a field (vendor notes, "Contacts v3"). */
const needsImport = ({ uncertain, id, fields }: ContactWrite): boolean =>
  uncertain || (id !== undefined && Object.values(fields).includes(null))

const withoutGone = (write: ContactWrite): ContactWrite => {
  if (!isGoneProgress(write.progress)) return write
  const { id: _gone, ...fresh } = write
  return { ...fresh, objects: {}, keyChanged: true }
}

/** Turns what stops one record into its outcome. */
const settled = async (unit: string, work: () => Promise<Outcome | undefined>): Promise<Outcome | undefined> => {
  try {
    return await work()
  } catch (error) {
    if (!isMillraceError(error) || stopsAll(error)) throw error
    return { unit, result: 'failed', error }
  }
}

/**
 * Looks up who is said to be new and may not be: one whose creation may have been applied, and of many each whom nobody has just looked for. A single call needs
 * no look, since it creates and does not upsert.
 */
const lookUp = async (
  account: Account,
  writes: readonly ContactWrite[],
  isDoubtful: (write: ContactWrite) => boolean,
): Promise<{ known: ContactWrite[]; outcomes: Outcome[] }> => {
  const doubtful = new Set(writes.filter((write) => write.id === undefined && isDoubtful(write)))
  if (doubtful.size === 0) return { known: [...writes], outcomes: [] }
  const found = await contactsByEmail(
    account,
    [...doubtful].map(({ email }) => email),
    account.ctx.contract,
  )
  const outcomes: Outcome[] = []
  const known = writes.flatMap((write): ContactWrite[] => {
    const contact = doubtful.has(write) ? found.get(foldEmail(write.email)) : undefined
    if (contact === undefined) return [write]
    if (isOurs(write, contact)) return [{ ...write, id: contact.id, keyChanged: true, emailChanged: false, listsChanged: true }]
    outcomes.push({
      unit: write.unit,
      result: 'conflict',
      candidates: [{ remoteId: contact.id, key: String(fieldOf(contact, write.keyName) ?? '') }],
    })
    return []
  })
  return { known, outcomes }
}

interface Row {
  write: ContactWrite
  objects: Record<string, string>
  progress: ContactProgress
  body: ContactBody | undefined
  gaps: ContactBody | undefined
}

const bytesOf = ({ body, gaps }: Row): number =>
  Buffer.byteLength(JSON.stringify(body ?? {})) + Buffer.byteLength(JSON.stringify(gaps ?? {}))

async function* importBatch(
  account: Account,
  writes: readonly ContactWrite[],
  lists: Lists,
  slots: ImportSlots,
): AsyncGenerator<Outcome[]> {
  const rows: Row[] = []
  const listed = await listsOf(account, writes.filter(mustKnowLists))
  for (const write of writes) {
    const outcome = await settled(write.unit, async () => {
      const row = await toRow(account, write, lists, listed.get(write.id ?? '') ?? new Set())
      if (row.body === undefined && row.gaps === undefined) {
        return { unit: write.unit, remoteId: write.id ?? '', objects: row.objects, result: 'delivered', created: false }
      }
      rows.push(row)
      return undefined
    })
    if (outcome !== undefined) yield [outcome]
  }
  // Apart, since one import has one merge option: what is new may fill gaps only, so that one that is there after all is not written over unseen.
  for (const fresh of [false, true]) {
    const ofKind = rows.filter(({ progress }) => progress.fresh === fresh)
    for (const part of fitting(ofKind, bytesOf)) yield* importRows(account, part, slots)
  }
}

/** The lists that known contacts are in, by their id. */
const listsOf = async (account: Account, writes: readonly ContactWrite[]): Promise<Map<string, ReadonlySet<string>>> => {
  const found = await contactsByEmail(
    account,
    writes.map(({ email }) => email),
    account.ctx.contract,
  )
  const listed = new Map([...found.values()].map(({ id, lists }) => [id, lists]))
  // One whose address changes is not found by the new one.
  for (const { id } of writes) {
    if (id !== undefined && !listed.has(id)) listed.set(id, (await getContact(account, 'contactId', id))?.lists ?? new Set())
  }
  return listed
}

const toRow = async (account: Account, write: ContactWrite, lists: Lists, isIn: ReadonlySet<string>): Promise<Row> => {
  const { contract } = account.ctx
  const change = await changeOfLists(write, account, lists, isIn)
  if (write.id === undefined) {
    const progress: ContactProgress = { row: rowOfEmail(write.email), fresh: true }
    return { write, objects: change.objects, progress, body: undefined, gaps: newContact(write, change.add, account.settings, contract) }
  }
  const { add, left } = firstLists(change)
  await joinLists(write.id, left, account)
  await leaveLists(write.id, change.remove, account)
  return {
    write,
    objects: change.objects,
    progress: { row: rowOfId(write.id), fresh: false },
    body: knownContact(write.id, write, add, contract),
    gaps: blankContact(write.id, write, contract),
  }
}

/** Hands in one part: what fills gaps and what overwrites are two imports, and a unit waits for both. */
async function* importRows(account: Account, rows: readonly Row[], slots: ImportSlots): AsyncGenerator<Outcome[]> {
  const open = new Set(rows)
  const filling = new Map<Row, string>()
  const known = (part: readonly Row[], outcome: (row: Row) => Outcome): Outcome[] => {
    for (const row of part) open.delete(row)
    return part.map(outcome)
  }
  try {
    const gaps = rows.filter((row) => row.gaps !== undefined)
    for await (const part of startImports('contacts', gaps, importOf('overwriteIfEmpty', 'gaps'), account, slots)) {
      if ('error' in part) yield known(part.rows, ({ write }) => failedBy(write.unit, part.error))
      else {
        for (const row of part.rows) filling.set(row, part.importId)
        const whole = part.rows.filter(({ body }) => body === undefined)
        yield known(whole, (row) => underWay(row, [part.importId]))
      }
    }
    const bodies = [...open].filter(({ body }) => body !== undefined)
    for await (const part of startImports('contacts', bodies, importOf('overwrite', 'body'), account, slots)) {
      if ('error' in part) yield known(part.rows, ({ write }) => failedBy(write.unit, part.error))
      else yield known(part.rows, (row) => underWay(row, [filling.get(row) ?? [], part.importId].flat()))
    }
  } catch (error) {
    if (!isMillraceError(error) || stopsAll(error)) throw error
    yield [...open].map(({ write: { unit } }) => failedBy(unit, error))
  }
}

const importOf =
  (mergeOption: string, part: 'gaps' | 'body') =>
  (rows: readonly Row[]): object => ({ mergeOption, contacts: rows.flatMap((row) => row[part] ?? []) })

const underWay = ({ write, objects, progress }: Row, imports: readonly string[]): Outcome => {
  const remoteId = write.id === undefined ? {} : { remoteId: write.id }
  return {
    unit: write.unit,
    ...remoteId,
    objects,
    progress,
    result: 'pending',
    ticket: ticketOf('contacts', imports),
    checkAfterMs: firstCheckMs,
  }
}

const failedBy = (unit: string, error: MillraceError): Outcome => ({ unit, result: 'failed', error })
