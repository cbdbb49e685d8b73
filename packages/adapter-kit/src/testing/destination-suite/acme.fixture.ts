import {
  type BoundHttpClient,
  classify,
  defineDestination,
  deliverBatches,
  deliverEach,
  type DestinationContext,
  type Input,
  membershipChanges,
  objectsWithMemberships,
  type Outcome,
  path,
  rolling,
  z,
} from '../../index.ts'

const answerSchema = z.object({
  results: z.array(
    z.object({
      key: z.string(),
      id: z.string().optional(),
      email: z.string().optional(),
      created: z.boolean().optional(),
      taken: z.string().optional(),
      added: z.array(z.string()).optional(),
    }),
  ),
})
type Row = z.infer<typeof answerSchema>['results'][number]

const rows = (reply: { body: unknown }): Row[] => answerSchema.safeParse(reply.body).data?.results ?? []

const outcome = ({ unit }: Input, { id, created = false, taken }: Row): Outcome =>
  taken === undefined && id !== undefined
    ? { unit, result: 'delivered', created, remoteId: id }
    : { unit, result: 'conflict', candidates: taken === undefined ? [] : [{ remoteId: taken }] }

const upsert = (api: BoundHttpClient, batch: readonly Input[]) =>
  api.request({
    method: 'POST',
    path: '/subscribers/batch',
    idempotent: true,
    budget: 'burst',
    body: { subscribers: batch.map(({ key, remoteId, fields }) => ({ ...fields, key, id: remoteId })) },
  })

/** Takes a subscriber away; one who is gone already is what was wanted. */
async function removeOne(api: BoundHttpClient, { unit, remoteId = '' }: Input, { clock }: DestinationContext): Promise<Outcome> {
  const place = `/subscribers/${encodeURIComponent(remoteId)}`
  const reply = await api.request({ method: 'DELETE', path: place, idempotent: true, budget: 'burst' })
  if (reply.status !== 204 && reply.status !== 404)
    throw classify(reply, { vendor: 'Acme', call: 'deletion of a subscriber', setting: 'apiKey', scope: 'record', now: clock.now() })
  return { unit, result: 'delivered', created: false }
}

/** Puts delivered people into their tags. */
async function withTags(api: BoundHttpClient, inputs: readonly Input[], outcomes: readonly Outcome[]): Promise<Outcome[]> {
  const open = outcomes.flatMap((one) => {
    const input = inputs.find(({ unit }) => unit === one.unit)
    if (one.result !== 'delivered' || one.remoteId === undefined || input === undefined) return []
    const { add, remove } = membershipChanges(input, one.created)
    return add.length + remove.length === 0 ? [] : [{ id: one.remoteId, add, remove, unit: one.unit }]
  })
  const names = (of: readonly { name: string }[]): string[] => of.map(({ name }) => name)
  const body = { rows: open.map(({ id, add, remove }) => ({ id, add: names(add), remove: names(remove) })) }
  const request = { method: 'POST', path: '/subscribers/tags', idempotent: true, budget: 'burst', body } as const
  const answers = open.length === 0 ? [] : rows(await api.request(request))
  return outcomes.map((one) => {
    const input = inputs.find(({ unit }) => unit === one.unit)
    const change = open.find(({ unit }) => unit === one.unit)
    if (input === undefined || change === undefined) return input === undefined ? one : { ...one, objects: input.objects }
    const added = answers.find(({ id }) => id === change.id)?.added ?? []
    const ours = change.add.filter(({ name }) => added.includes(name) || input.objects[`tag:${name}`] === '')
    return { ...one, objects: objectsWithMemberships(input, new Map(ours.map(({ name }) => [`tag:${name}`, name]))) }
  })
}

export const acme = defineDestination({
  name: 'acme',
  settings: z.object({ apiKey: z.string().min(1), baseUrl: z.url().default('https://api.acme.example') }),
  objects: {
    subscriber: {
      from: 'person',
      keyField: 'key',
      adoptBy: ['email'],
      memberships: ['tag'],
      fields: { email: { type: 'email', required: true }, name: { type: 'string' } },
    },
  },
  limits: { deliver: { subscriber: 120 }, find: 50 },
  delivery: { subscriber: 'upsert' },
  defaultContract: { objects: { subscriber: { fields: { email: { value: path('email') }, name: { value: path('fullName') } } } } },
  api: ({ apiKey, baseUrl }) => ({ baseUrl, credential: apiKey, budgets: { burst: rolling({ limit: 100, windowMs: 10_000 }) } }),
  connect: (_, { http }) => ({
    async *deliver(inputs, ctx) {
      const { archive = [], upsert: wanted = [] } = Object.groupBy(inputs, ({ operation }) => operation)
      yield* deliverEach(archive, { concurrency: 5, signal: ctx.signal, deliver: (input) => removeOne(http(ctx), input, ctx) })
      const batches = deliverBatches(wanted, {
        vendor: 'Acme',
        call: 'upsert of subscribers',
        setting: 'apiKey',
        size: 50,
        clock: ctx.clock,
        send: (batch) => upsert(http(ctx), batch),
        rows,
        rowKey: ({ key }) => key,
        outcome,
      })
      for await (const outcomes of batches) yield await withTags(http(ctx), inputs, outcomes)
    },
    async find({ values }, ctx) {
      const reply = await http(ctx).request({ method: 'GET', path: '/subscribers', query: { email: values }, budget: 'burst' })
      return rows(reply).flatMap(({ id = '', key, email = '' }) => ({ remoteId: id, key, value: email, fields: { email } }))
    },
  }),
})
