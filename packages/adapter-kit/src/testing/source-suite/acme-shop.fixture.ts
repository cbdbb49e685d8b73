import {
  type Change,
  customerSchema,
  type Entity,
  orderSchema,
  type ReadWindow,
  type Source,
  type SourceContext,
  type SourcePage,
} from '@millrace/core'
import { classify, createHttpClient, type HttpClient, type HttpReply, MillraceError, z } from '../../index.ts'

const rowSchema = z.looseObject({ id: z.string(), version: z.number(), created: z.number(), changed: z.number() })
const pageSchema = z.object({ rows: z.array(rowSchema), total: z.number() })
type Row = z.infer<typeof rowSchema>

const tables: Partial<Record<Entity, string>> = { customer: 'customers', order: 'orders' }

const changeOf = (entity: Entity, row: Row): Change => {
  const base = { version: { [entity]: row.version }, modifiedAt: row.changed }
  try {
    const common = {
      id: row.id,
      createdAt: new Date(row.created).toISOString(),
      modifiedAt: new Date(row.changed).toISOString(),
      email: row['email'],
    }
    const record =
      entity === 'order'
        ? orderSchema.parse({
            entity,
            ...common,
            placedAt: common.createdAt,
            gross: row['total'],
            refunded: { currency: z.object({ currency: z.string() }).parse(row['total']).currency, amount: '0' },
            custom: { name: row['name'] },
          })
        : customerSchema.parse({ entity: 'customer', ...common, lastName: row['name'] })
    return { type: 'upsert', record, ...base }
  } catch (error) {
    return { type: 'invalid', entity, id: row.id, problem: error instanceof Error ? error.name : 'unknown', raw: row, ...base }
  }
}

/** A good source for the made-up shop, as an integrator would write it. */
export const acmeShop = ({ baseUrl, pageSize }: { baseUrl: string; pageSize: number }): Source => {
  const clients = new Map<SourceContext['clock'], HttpClient>()
  const clientOf = ({ clock, logger }: SourceContext): HttpClient => {
    const known = clients.get(clock) ?? createHttpClient({ baseUrl, clock, logger, credential: 'acme-key' })
    clients.set(clock, known)
    return known
  }
  const failed = (reply: HttpReply, call: string, now: number): MillraceError =>
    classify(reply, { vendor: 'Acme Shop', call, now, setting: 'apiKey' })
  const ask = async <Shape extends z.ZodType>(
    path: string,
    query: Record<string, string>,
    shape: Shape,
    ctx: SourceContext,
  ): Promise<z.infer<Shape> | undefined> => {
    const reply = await clientOf(ctx).request({ method: 'GET', path, query, signal: ctx.signal })
    if (reply.status === 404) return undefined
    if (reply.status !== 200) throw failed(reply, path, ctx.clock.now())
    const parsed = shape.safeParse(reply.body)
    if (parsed.success) return parsed.data
    // Anything but a page is no page: an empty one would end the read.
    throw new MillraceError({
      code: 'unexpected_response',
      scope: 'destination',
      retryable: true,
      message: 'Acme Shop answered in an unknown shape. It is asked again; check the base URL if it stays.',
    })
  }
  const page = async (entity: Entity, query: Record<string, string>, ctx: SourceContext): Promise<z.infer<typeof pageSchema>> => {
    const found = await ask(`/${tables[entity] ?? ''}`, query, pageSchema, ctx)
    if (found !== undefined) return found
    throw new MillraceError({
      code: 'source_entity_unknown',
      scope: 'destination',
      message: `Acme Shop has no ${entity}. Take it out of the settings.`,
    })
  }

  async function* read(entity: Entity, { mode, from = 0, to, cursor }: ReadWindow, ctx: SourceContext): AsyncGenerator<SourcePage> {
    for (let at = cursor; ;) {
      const [afterStamp = '', afterId = ''] = at?.split('|') ?? []
      const behind: Record<string, string> = at === undefined ? {} : mode === 'full' ? { afterId } : { afterStamp, afterId }
      const window = { since: String(from), upTo: String(to), limit: String(pageSize) }
      const { rows } = await page(entity, { sort: mode === 'full' ? 'id' : 'stamp', ...window, ...behind }, ctx)
      const last = rows.at(-1)
      if (last === undefined) return
      at = `${last.changed}|${last.id}`
      yield { changes: rows.map((row) => changeOf(entity, row)), cursor: at }
    }
  }

  return {
    specificationVersion: 'v1',
    name: 'acme-shop',
    entities: ['customer', 'order'],
    versioning: 'parts',
    settleMs: 1_000,
    overlapMs: 10_000,
    async check(ctx) {
      const reply = await clientOf(ctx).request({ method: 'GET', path: '/time', signal: ctx.signal })
      if (reply.status === 200) return [{ level: 'ok', code: 'reachable', message: 'Acme Shop answers.' }]
      const { code, message } = failed(reply, 'the time', ctx.clock.now())
      return [{ level: 'error', code, message, setting: 'apiKey' }]
    },
    now: async (ctx) => (await ask('/time', {}, z.object({ now: z.number() }), ctx))?.now ?? ctx.clock.now(),
    read,
    async get(entity, id, ctx) {
      // An empty id, and one of dots, would name the table or what is above it.
      if (/^\.{0,2}$/.test(id)) return undefined
      const row = await ask(`/${tables[entity] ?? ''}/${encodeURIComponent(id)}`, {}, rowSchema, ctx)
      return row === undefined ? undefined : changeOf(entity, row)
    },
    async *ids(entity, ctx) {
      for await (const { changes } of read(entity, { mode: 'full', to: Number.MAX_SAFE_INTEGER }, ctx))
        yield changes.map((change) => (change.type === 'upsert' ? change.record.id : change.id))
    },
    count: async (entity, since, ctx) =>
      (await page(entity, { sort: 'id', since: String(since ?? 0), upTo: String(Number.MAX_SAFE_INTEGER), limit: '1' }, ctx)).total,
    decode: () => {
      throw new MillraceError({ code: 'notification_invalid', message: 'Acme Shop announces nothing.' })
    },
    close: async () => {
      for (const client of clients.values()) client.close()
    },
  }
}
