import { bisect, chunk, pack, type HttpReply } from '@millrace/adapter-kit'
import { isMillraceError, type DestinationContext, type Outcome } from '@millrace/core'
import type { Account } from './account.ts'
import { isSuccess } from './client.ts'
import { recordError } from './errors.ts'
import { addressHash, type Importable, type ImportProgress } from './import-row.ts'
import { asText, isObject, memberInAnyCase, rowsOf, textOf } from './json.ts'
import { failed } from './outcome.ts'

/** Contacts per import, and bytes of its body (vendor notes, "Bulk import"). */
const maxContacts = 250
const maxBytes = 390_000

/** How long until an import is asked for the first time, and after that. */
export const firstCheckMs = 10_000
/** Pause between later questions about an import. */
export const nextCheckMs = 30_000

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

/** Packs rows: one address once per import, historical ones apart, below the limits of count and size. */
export const packRows = (rows: readonly Importable[]): Importable[][] =>
  [...Map.groupBy(rows, ({ row }) => row.exclude_automations === true).values()].flatMap((group) =>
    chunk(group, maxContacts, ({ row }) => addressHash(row.email)).flatMap((part) =>
      pack(part, { maxBytes, bytesOf: ({ row }) => bytesOf(row) + 1 }),
    ),
  )

/** Rows that a refusal names by their place or address: they fail, the others go again. */
const named = (reply: HttpReply, items: readonly Importable[]): Set<Importable> => {
  const found = new Set<Importable>()
  for (const reason of rowsOf(reply.body, 'failureReasons')) {
    const which = reason['contact']
    const email = isObject(which) ? textOf(which, 'email') : asText(which)
    const byPlace = typeof which === 'number' ? items[which] : undefined
    const item =
      byPlace ?? items.find(({ row }) => email !== undefined && addressHash(row.email) === addressHash(email)) ?? items[Number(email)]
    if (item !== undefined) found.add(item)
  }
  return found
}

const submit = ({ client }: Account, items: readonly Importable[], ctx: DestinationContext): Promise<HttpReply> => {
  const contacts = items.map(({ row }) => row)
  const excluded = contacts.some((row) => row.exclude_automations === true)
  return client.send({
    method: 'POST',
    path: 'import/bulk_import',
    body: { contacts, ...(excluded ? { exclude_automations: true } : {}) },
    call: 'bulk import',
    signal: ctx.signal,
    bucket: items.length === 1 ? 'single import' : 'import',
    urgent: items.some(({ input }) => input.consent.length > 0),
  })
}

const isRejection = ({ status }: HttpReply): boolean => status === 400 || status === 413 || status === 422

const progressOf = (input: Importable['input'], row: Importable['row'], since: number): ImportProgress => ({
  import: addressHash(row.email),
  isNew: input.remoteId === undefined && !input.uncertain,
  since,
  denies: input.object === 'subscription' && input.consent.every(({ status }) => status !== 'granted'),
})

const accepted = (items: readonly Importable[], ticket: string, now: number): Outcome[] =>
  items.map(({ input, row, objects }) => ({
    unit: input.unit,
    result: 'pending',
    ticket,
    checkAfterMs: firstCheckMs,
    objects,
    progress: progressOf(input, row, now),
    ...(input.remoteId === undefined ? {} : { remoteId: input.remoteId }),
  }))

const sentValues = ({ row }: Importable): unknown[] => [
  row.email,
  row.first_name,
  row.last_name,
  row.phone,
  ...(row.fields ?? []).map(({ value }) => value),
]

async function* importBatch(account: Account, items: readonly Importable[], ctx: DestinationContext): AsyncGenerator<Outcome[]> {
  const reply = await submit(account, items, ctx)
  const culprits = isRejection(reply) ? named(reply, items) : new Set<Importable>()
  if (culprits.size > 0 && culprits.size < items.length) {
    yield [...culprits].map((item) => failed(item.input, recordError(reply, 'bulk import', sentValues(item))))
    yield* importBatch(
      account,
      items.filter((item) => !culprits.has(item)),
      ctx,
    )
    return
  }
  // The first answer is there already; when it refused all without saying whom, only the halves are sent.
  let first: HttpReply | undefined = reply
  const send = (part: readonly Importable[]): Promise<HttpReply> => {
    const known = first
    first = undefined
    return known === undefined ? submit(account, part, ctx) : Promise.resolve(known)
  }
  for await (const part of bisect(items, send, { isBatchRejection: isRejection })) {
    if (part.rejected) {
      yield part.items.map((item) => failed(item.input, recordError(part.reply, 'bulk import', sentValues(item))))
      continue
    }
    if (!isSuccess(part.reply)) throw account.client.error(part.reply, 'bulk import')
    const ticket = asText(memberInAnyCase(part.reply.body, 'batchId'))
    const success = asText(memberInAnyCase(part.reply.body, 'success'))
    // Without a ticket nobody could ever say what became of them: they are unconfirmed and sent again.
    if (ticket !== undefined && success !== '0') yield accepted(part.items, ticket, ctx.clock.now())
  }
}

/** Sends rows as bulk imports and yields tickets. One refused row costs that row; a failed call costs its batch. */
export async function* submitImports(account: Account, rows: readonly Importable[], ctx: DestinationContext): AsyncGenerator<Outcome[]> {
  for (const batch of packRows(rows)) {
    const open = new Map(batch.map((item) => [item.input.unit, item]))
    try {
      for await (const outcomes of importBatch(account, batch, ctx)) {
        for (const { unit } of outcomes) open.delete(unit)
        yield outcomes
      }
    } catch (error) {
      if (!isMillraceError(error) || error.scope === 'destination' || error.code === 'aborted') throw error
      yield [...open.values()].map(({ input }) => failed(input, error))
    }
  }
}
