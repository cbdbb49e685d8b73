import { bisect, defineDestination, MillraceError, z, type Destination, type Input, type Outcome } from '@millrace/adapter-kit'
import { defaultContract } from './default-contract.ts'
import { eraseFrom } from './erase.ts'
import { jsonLinesWriter } from './json-lines-writer.ts'
import { objects } from './objects.ts'
import { postgresWriter } from './postgres-writer.ts'
import { formerRow, toRow, type Row } from './row.ts'
import type { Writer } from './writer.ts'

const settings = z.union([
  z.strictObject({
    /** `postgres://user:password@host:5432/database`. */
    connectionString: z.string().startsWith('postgres'),
    /** Schema that holds the table and the view; it must exist. Default `public`. */
    schema: z
      .string()
      .regex(/^[a-z_][a-z0-9_]{0,62}$/)
      .default('public'),
  }),
  z.strictObject({
    /** Directory that gets one file of newline JSON for each object. */
    directory: z.string().min(1),
  }),
])

/** Where the mirror goes: a PostgreSQL database, or a directory. */
export type WarehouseSettings = z.input<typeof settings>

/**
 * Mirrors what the contract maps, events included, into a warehouse: append-only, one row for each state of an object, with a view of what is now. Throws
 * MillraceError `setting_invalid`.
 */
export const warehouse: (settings: WarehouseSettings) => Destination = defineDestination({
  name: 'warehouse',
  settings,
  objects,
  limits: { deliver: Object.fromEntries(Object.keys(objects).map((object) => [object, 500])) },
  delivery: Object.fromEntries(Object.keys(objects).map((object) => [object, object === 'event' ? 'idempotent' : 'upsert'] as const)),
  defaultContract,
  connect(given) {
    const writer: Writer = 'directory' in given ? jsonLinesWriter(given.directory) : postgresWriter(given.connectionString, given.schema)
    return {
      deliver: (inputs) => deliver(writer, inputs),
      check: () => writer.check(),
      async plan() {
        const missing = await writer.missing()
        return missing.map((target) => ({
          action: 'create' as const,
          target,
          differences: [{ path: target, have: undefined, want: 'exists' }],
          destructive: false,
        }))
      },
      apply: () => writer.prepare(),
      list: ({ object, fields }) => writer.list(object, fields),
      erase: (people, { clock }) => eraseFrom(writer, people, clock.now()),
      close: () => writer.close(),
    }
  },
})

const rowsOf = (input: Input): Row[] =>
  input.remoteKey === undefined || input.remoteKey === input.key ? [toRow(input)] : [formerRow(input), toRow(input)]

/** Without the database's own words, which may repeat the value. */
const refused = (code: string): MillraceError =>
  new MillraceError({
    code: 'value_rejected',
    message: `The database cannot keep a value of this record (${code}): it is too long, or not valid there. Correct it at the source or its mapping, then replay.`,
    context: { category: code },
  })

const unavailable = (cause: unknown): MillraceError =>
  new MillraceError({
    code: 'warehouse_unavailable',
    scope: 'destination',
    retryable: true,
    message:
      'The warehouse could not be written. Check that it is reachable and that `millrace apply` has made its table; it is tried again by itself.',
    cause,
  })

/** Why rows were not taken because of what they hold; undefined when they were. Throws MillraceError `warehouse_unavailable`. */
const append = async (writer: Writer, inputs: readonly Input[]): Promise<MillraceError | undefined> => {
  try {
    await writer.append(inputs.flatMap(rowsOf))
    return undefined
  } catch (cause) {
    const code = writer.refusal(cause)
    if (code === undefined) throw unavailable(cause)
    return refused(code)
  }
}

async function* deliver(writer: Writer, inputs: readonly Input[]): AsyncGenerator<Outcome[]> {
  const send = (part: readonly Input[]): Promise<MillraceError | undefined> => append(writer, part)
  for await (const { items, reply } of bisect(inputs, send, { isBatchRejection: (error) => error !== undefined })) {
    yield items.map(({ unit, object, key, remoteId }): Outcome =>
      reply === undefined
        ? { unit, result: 'delivered', created: remoteId === undefined, remoteId: `${object}/${key}` }
        : { unit, result: 'failed', error: reply },
    )
  }
}
