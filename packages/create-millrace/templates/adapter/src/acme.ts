import {
  classify,
  defineDestination,
  deliverBatches,
  deliverEach,
  path,
  rolling,
  z,
  type BoundHttpClient,
  type Destination,
  type DestinationContext,
  type Input,
  type Outcome,
} from '@millrace/adapter-kit'

const settings = z.strictObject({
  apiKey: z.string().min(1),
  baseUrl: z.url().default('https://api.acme.example'),
})

/** Settings of {@link acme}. */
export type AcmeSettings = z.input<typeof settings>

/** One row of an answer. `taken` is the id of another subscriber who has the e-mail. */
const row = z.object({
  key: z.string().optional(),
  id: z.string().optional(),
  email: z.string().optional(),
  created: z.boolean().optional(),
  taken: z.string().optional(),
})
type Row = z.infer<typeof row>

/** An answer in a shape that is not known has no rows, so it confirms nothing. */
const rows = ({ body }: { body: unknown }): Row[] => z.object({ results: z.array(row) }).safeParse(body).data?.results ?? []

const toSubscriber = ({ key, remoteId, fields }: Input) => ({ ...fields, key, id: remoteId })

const toOutcome = ({ unit }: Input, { id, created = false, taken }: Row): Outcome => {
  // Somebody made this subscriber without us: the engine decides whether it is the same person, and comes again with its id.
  if (taken !== undefined) return { unit, result: 'conflict', candidates: [{ remoteId: taken }] }
  if (id === undefined) return { unit, result: 'conflict', candidates: [] }
  return { unit, result: 'delivered', created, remoteId: id }
}

/** A customer is gone and the contract says `archive`: Acme can only delete. Write down what your vendor does. One who is gone already is what was wanted. */
const remove = async (api: BoundHttpClient, { unit, remoteId = '' }: Input, { clock }: DestinationContext): Promise<Outcome> => {
  const place = `/subscribers/${encodeURIComponent(remoteId)}`
  const reply = await api.request({ method: 'DELETE', path: place, idempotent: true, budget: 'burst' })
  if (reply.status !== 204 && reply.status !== 404)
    throw classify(reply, { vendor: 'Acme', call: 'deletion of a subscriber', setting: 'apiKey', scope: 'record', now: clock.now() })
  return { unit, result: 'delivered', created: false }
}

/** People as subscribers of Acme. Throws MillraceError `setting_invalid`. */
export const acme: (settings: AcmeSettings) => Destination = defineDestination({
  name: 'acme',
  settings,
  objects: {
    subscriber: {
      from: 'person',
      keyField: 'key',
      adoptBy: ['email'],
      fields: { email: { type: 'email', required: true }, name: { type: 'string' } },
    },
  },
  // How many the engine hands over at once, and how many values `find` takes.
  limits: { deliver: { subscriber: 200 }, find: 50 },
  // Exactly once by key.
  delivery: { subscriber: 'upsert' },
  defaultContract: { objects: { subscriber: { fields: { email: { value: path('email') }, name: { value: path('fullName') } } } } },
  // The vendor's limits, as numbers: staying inside them is not your work.
  api: ({ apiKey, baseUrl }) => ({ baseUrl, credential: apiKey, budgets: { burst: rolling({ limit: 100, windowMs: 10_000 }) } }),
  connect: (_settings, { http }) => ({
    async *deliver(inputs, ctx) {
      const api = http(ctx)
      const { archive = [], upsert = [] } = Object.groupBy(inputs, ({ operation }) => operation)
      yield* deliverEach(archive, { concurrency: 5, signal: ctx.signal, deliver: (input) => remove(api, input, ctx) })
      yield* deliverBatches(upsert, {
        vendor: 'Acme',
        call: 'upsert of subscribers',
        setting: 'apiKey',
        // The vendor's own batch size.
        size: 50,
        clock: ctx.clock,
        send: (batch) =>
          api.request({
            method: 'POST',
            path: '/subscribers/batch',
            idempotent: true,
            budget: 'burst',
            body: { subscribers: batch.map(toSubscriber) },
          }),
        rows,
        rowKey: ({ key }) => key,
        outcome: toOutcome,
      })
    },
    async find({ values }, ctx) {
      const reply = await http(ctx).request({ method: 'GET', path: '/subscribers', query: { email: values }, budget: 'burst' })
      return rows(reply).map(({ id = '', key = '', email = '' }) => ({ remoteId: id, key, value: email, fields: { email } }))
    },
  }),
})
