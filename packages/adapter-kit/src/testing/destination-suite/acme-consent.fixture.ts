import {
  type BoundHttpClient,
  type ConsentDecision,
  classify,
  defineDestination,
  deliverBatches,
  deliverEach,
  type Input,
  MillraceError,
  type Outcome,
  path,
  rolling,
  z,
} from '../../index.ts'

const answerSchema = z.object({
  results: z.array(
    z.object({
      key: z.string().optional(),
      id: z.string().optional(),
      created: z.boolean().optional(),
      refused: z.boolean().optional(),
      email: z.string().optional(),
      topic: z.string().optional(),
      status: z.enum(['granted', 'denied']).optional(),
    }),
  ),
  mark: z.number().optional(),
})
type Row = z.infer<typeof answerSchema>['results'][number]

const rows = (reply: { body: unknown }): Row[] => answerSchema.safeParse(reply.body).data?.results ?? []

const toTell = (reply: { body: unknown }) =>
  rows(reply).flatMap(({ email, topic, status }) =>
    email === undefined || topic === undefined || status === undefined ? [] : [{ channel: 'email' as const, target: topic, email, status }],
  )

const stands = (unit: string): Outcome => ({
  unit,
  result: 'failed',
  error: new MillraceError({
    code: 'opt_out_stands',
    retryable: true,
    message: 'Acme holds an opt-out. It is asked again before anything else is written.',
  }),
})

const batch = (api: BoundHttpClient, urgent: boolean, body: readonly object[]) =>
  api.request({ method: 'POST', path: '/batch', idempotent: true, budget: 'burst', urgent, body: { rows: body } })

/** Takes a person away; one who is gone already is what was wanted. */
async function remove(api: BoundHttpClient, { unit, remoteId = '' }: Input, now: number): Promise<Outcome> {
  const reply = await api.request({ method: 'DELETE', path: `/people/${encodeURIComponent(remoteId)}`, idempotent: true, budget: 'burst' })
  if (reply.status !== 204 && reply.status !== 404)
    throw classify(reply, { vendor: 'Acme', setting: 'apiKey', call: 'deletion of a person', scope: 'record', now })
  return { unit, result: 'delivered', created: false }
}

const common = { vendor: 'Acme', setting: 'apiKey', size: 50 }

const sayable = ({ status, target }: ConsentDecision): boolean => status !== 'unknown' && target !== undefined

/** One topic is one call for all people: Acme has no rows of several topics. */
async function* deliverPermissions(
  api: BoundHttpClient,
  inputs: readonly Input[],
  clock: Parameters<typeof deliverBatches>[1]['clock'],
): AsyncGenerator<Outcome[]> {
  const nothing = inputs.filter(({ consent }) => !consent.some(sayable))
  if (nothing.length > 0) yield nothing.map(({ unit }): Outcome => ({ unit, result: 'delivered', created: false }))
  const decisionOf = ({ consent }: Input): ConsentDecision | undefined => consent.find(sayable)
  yield* deliverBatches<Row>(
    inputs.filter((input) => decisionOf(input) !== undefined),
    {
      ...common,
      call: 'permissions',
      clock,
      send: (some) =>
        batch(
          api,
          true,
          some.flatMap((input) => {
            const decision = decisionOf(input)
            return decision === undefined
              ? []
              : [
                  {
                    key: input.key,
                    email: input.fields.email,
                    topic: decision.target,
                    status: decision.status,
                    force: decision.mayResubscribe,
                  },
                ]
          }),
        ),
      rows,
      rowKey: ({ key }) => key,
      inputKey: (input) => `${input.key} ${decisionOf(input)?.target}`,
      outcome: ({ unit }, { refused }) => (refused === true ? stands(unit) : { unit, result: 'delivered', created: false }),
    },
  )
}

/** Acme with permissions: the smallest adapter that takes consent. It knows one topic. */
export const acmeConsent = defineDestination({
  name: 'acme-consent',
  settings: z.object({ apiKey: z.string().min(1), baseUrl: z.url() }),
  objects: {
    person: { from: 'person', keyField: 'key', fields: { email: { type: 'email', required: true } } },
    permission: {
      from: 'consent',
      keyField: 'key',
      channels: ['email'],
      needsTarget: true,
      fields: { email: { type: 'email', required: true } },
    },
  },
  limits: { deliver: { person: 120, permission: 120 } },
  delivery: { person: 'upsert', permission: 'upsert' },
  defaultContract: {
    objects: { person: { fields: { email: { value: path('email') } } }, permission: { fields: { email: { value: path('email') } } } },
    consent: { authority: 'source', topics: { news: { channel: 'email', target: 'news' } } },
  },
  api: ({ apiKey, baseUrl }) => ({ baseUrl, credential: apiKey, budgets: { burst: rolling({ limit: 100, windowMs: 10_000 }) } }),
  connect: (_, { http }) => ({
    async *deliver(inputs, ctx) {
      const api = http(ctx)
      yield* deliverPermissions(
        api,
        inputs.filter(({ object }) => object === 'permission'),
        ctx.clock,
      )
      const { archive = [], upsert = [] } = Object.groupBy(
        inputs.filter(({ object }) => object === 'person'),
        ({ operation }) => operation,
      )
      yield* deliverEach(archive, { concurrency: 5, signal: ctx.signal, deliver: (input) => remove(api, input, ctx.clock.now()) })
      yield* deliverBatches<Row>(upsert, {
        ...common,
        call: 'people',
        clock: ctx.clock,
        send: (some) =>
          batch(
            api,
            false,
            some.map(({ key, remoteId, fields }) => ({ key, id: remoteId, email: fields.email, move: true })),
          ),
        rows,
        rowKey: ({ key }) => key,
        outcome: ({ unit }, { id, created = false }): Outcome =>
          id === undefined ? { unit, result: 'conflict', candidates: [] } : { unit, result: 'delivered', created, remoteId: id },
      })
    },
    async consentOf(people, ctx) {
      const email = people.flatMap((person) => person.email ?? [])
      if (email.length === 0) return []
      return toTell(await http(ctx).request({ method: 'GET', path: '/permissions', query: { email }, budget: 'burst', urgent: true }))
    },
    async *consentChanges(cursor, ctx) {
      const reply = await http(ctx).request({
        method: 'GET',
        path: '/changes',
        query: { since: cursor ?? '0' },
        budget: 'burst',
        urgent: true,
      })
      yield { changes: toTell(reply), cursor: String(answerSchema.safeParse(reply.body).data?.mark ?? cursor ?? '0') }
    },
  }),
})
