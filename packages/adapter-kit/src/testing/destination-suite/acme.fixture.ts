import { type BoundHttpClient, defineDestination, deliverBatches, type Input, type Outcome, path, rolling, z } from '../../index.ts'

const answerSchema = z.object({
  results: z.array(
    z.object({
      key: z.string(),
      id: z.string().optional(),
      email: z.string().optional(),
      created: z.boolean().optional(),
      taken: z.string().optional(),
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

export const acme = defineDestination({
  name: 'acme',
  settings: z.object({ apiKey: z.string().min(1), baseUrl: z.url().default('https://api.acme.example') }),
  objects: {
    subscriber: {
      from: 'person',
      keyField: 'key',
      adoptBy: ['email'],
      fields: { email: { type: 'email', required: true }, name: { type: 'string' } },
    },
  },
  limits: { deliver: { subscriber: 120 }, find: 50 },
  delivery: { subscriber: 'upsert' },
  defaultContract: { objects: { subscriber: { fields: { email: { value: path('email') }, name: { value: path('fullName') } } } } },
  api: ({ apiKey, baseUrl }) => ({ baseUrl, credential: apiKey, budgets: { burst: rolling({ limit: 100, windowMs: 10_000 }) } }),
  connect: (_, { http }) => ({
    deliver: (inputs, ctx) =>
      deliverBatches(inputs, {
        vendor: 'Acme',
        call: 'upsert of subscribers',
        setting: 'apiKey',
        size: 50,
        clock: ctx.clock,
        send: (batch) => upsert(http(ctx), batch),
        rows,
        rowKey: ({ key }) => key,
        outcome,
      }),
    async find({ values }, ctx) {
      const reply = await http(ctx).request({ method: 'GET', path: '/subscribers', query: { email: values }, budget: 'burst' })
      return rows(reply).flatMap(({ id = '', key, email = '' }) => ({ remoteId: id, key, value: email, fields: { email } }))
    },
  }),
})
