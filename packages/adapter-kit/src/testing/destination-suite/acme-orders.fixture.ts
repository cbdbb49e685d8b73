import {
  amount,
  type BoundHttpClient,
  classify,
  defineDestination,
  deliverEach,
  type DestinationContext,
  type HttpReply,
  type Input,
  type ListedObject,
  type Outcome,
  path,
  z,
} from '../../index.ts'

const savedSchema = z.object({ key: z.string(), id: z.string(), created: z.boolean() })
const pageSchema = z.object({
  items: z.array(z.object({ id: z.string(), key: z.string(), fields: z.record(z.string(), z.union([z.string(), z.null()])) })),
  next: z.number().nullable(),
})

const placeOf = (object: string, key = ''): string => `/${object}s${key === '' ? '' : `/${encodeURIComponent(key)}`}`

const errorOf = (reply: HttpReply, call: string, { clock }: DestinationContext) =>
  classify(reply, { vendor: 'Acme', setting: 'apiKey', scope: 'record', call, now: clock.now() })

async function put(
  api: BoundHttpClient,
  { unit, object, key, remoteKey = key, fields, children, parents }: Input,
  ctx: DestinationContext,
): Promise<Outcome | undefined> {
  const lines = children.map((line) => ({ ...line.fields, key: line.key }))
  const body = { ...fields, key, ...(object === 'purchase' ? { buyer: parents[0]?.remoteId, lines } : {}) }
  const reply = await api.request({ method: 'PUT', path: placeOf(object, remoteKey), body, idempotent: true })
  if (reply.status !== 200) throw errorOf(reply, `upsert of a ${object}`, ctx)
  const saved = savedSchema.safeParse(reply.body).data
  return saved?.key === key ? { unit, result: 'delivered', created: saved.created, remoteId: saved.id } : undefined
}

/** Deletes; false when there was nothing. */
async function remove(api: BoundHttpClient, object: string, key: string, ctx: DestinationContext): Promise<boolean> {
  const reply = await api.request({ method: 'DELETE', path: placeOf(object, key), idempotent: true })
  if (reply.status !== 204 && reply.status !== 404) throw errorOf(reply, `deletion of a ${object}`, ctx)
  return reply.status === 204
}

async function* pages(
  api: BoundHttpClient,
  object: string,
  query: Record<string, readonly string[]>,
  ctx: DestinationContext,
): AsyncGenerator<ListedObject[]> {
  for (let from: number | null = 0; from !== null;) {
    const reply = await api.request({ method: 'GET', path: placeOf(object), query: { ...query, from: [String(from)] } })
    const page: z.infer<typeof pageSchema> | undefined = reply.status === 200 ? pageSchema.safeParse(reply.body).data : undefined
    // A page in an unknown shape is no empty one.
    if (page === undefined) throw errorOf(reply, `list of ${object}s`, ctx)
    yield page.items.map(({ id, key, fields }) => ({ object, key, remoteId: id, fields }))
    from = page.next
  }
}

/** Acme with a shop's orders: the smallest adapter with children and amounts that lists, reads, archives, erases and checks. */
export const acmeOrders = defineDestination({
  name: 'acme-orders',
  settings: z.object({ apiKey: z.string().min(1), baseUrl: z.url() }),
  objects: {
    buyer: {
      from: 'person',
      keyField: 'key',
      fields: { email: { type: 'email', required: true }, name: { type: 'string' }, town: { type: 'string' } },
    },
    purchase: {
      from: 'order',
      keyField: 'key',
      parents: [{ object: 'buyer', required: true }],
      fields: { currency: { type: 'string' }, total: { type: 'decimal' }, placed_at: { type: 'datetime' } },
      children: { line: { keyField: 'key', fields: { name: { type: 'string' }, price: { type: 'decimal' } } } },
      totals: { currency: 'currency', amount: 'total', placedAt: 'placed_at' },
    },
  },
  limits: { deliver: { buyer: 120, purchase: 120 } },
  delivery: { buyer: 'upsert', purchase: 'upsert' },
  defaultContract: {
    objects: {
      buyer: { fields: { email: { value: path('email') }, name: { value: path('fullName') } } },
      purchase: {
        fields: { currency: { value: path('currency') }, total: { value: amount('gross') }, placed_at: { value: path('placedAt') } },
        children: { line: { fields: { name: { value: path('nameText') }, price: { value: amount('unitPrice') } } } },
      },
    },
  },
  api: ({ apiKey, baseUrl }) => ({ baseUrl, credential: apiKey }),
  connect: (_, { http }) => ({
    async *deliver(inputs, ctx) {
      const api = http(ctx)
      yield* deliverEach(inputs, {
        concurrency: 4,
        signal: ctx.signal,
        async deliver(input) {
          const { unit, object, operation, key } = input
          if (operation === 'archive') {
            await remove(api, object, key, ctx)
            return { unit, result: 'delivered', created: false }
          }
          return put(api, input, ctx)
        },
      })
    },
    async check(ctx) {
      const reply = await http(ctx).request({ method: 'GET', path: placeOf('buyer') })
      if (reply.status === 200) return [{ level: 'ok', code: 'reachable', message: 'Acme answers.' }]
      const { code, message } = errorOf(reply, 'check', ctx)
      return [{ level: 'error', code, message, setting: 'apiKey' }]
    },
    list: ({ object }, ctx) => pages(http(ctx), object, {}, ctx),
    async read({ object, remoteIds }, ctx) {
      if (remoteIds.length === 0) return []
      return (await Array.fromAsync(pages(http(ctx), object, { id: remoteIds }, ctx))).flat()
    },
    async *erase(people, ctx) {
      for (const { unit, key } of people)
        yield [{ unit, result: (await remove(http(ctx), 'buyer', key, ctx)) ? 'erased' : 'absent', remains: [] }]
    },
  }),
})
