import {
  type BoundHttpClient,
  classify,
  defineDestination,
  type DestinationContext,
  type Input,
  isMillraceError,
  mapConcurrent,
  type Outcome,
  path,
  rolling,
  z,
} from '../../index.ts'

const personSchema = z.object({ id: z.string(), key: z.string(), email: z.string(), name: z.string() })

/** One person, one call. It answers with a status and no body, so that only reading the person tells what is there now. */
const deliverPerson = async (api: BoundHttpClient, { unit, key, fields }: Input, ctx: DestinationContext): Promise<Outcome | undefined> => {
  const place = `/people/${encodeURIComponent(key)}`
  const call = { vendor: 'Acme', setting: 'apiKey', scope: 'record', now: ctx.clock.now() } as const
  const put = await api.request({ method: 'PUT', path: place, body: fields, idempotent: true, budget: 'burst' })
  if (put.status !== 201 && put.status !== 204) throw classify(put, { ...call, call: 'upsert of a person' })
  const read = await api.request({ method: 'GET', path: place, budget: 'burst' })
  if (read.status !== 200 && read.status !== 404) throw classify(read, { ...call, call: 'reading a person' })
  const person = personSchema.safeParse(read.body).data
  const written = person !== undefined && person.key === key && person.email === fields['email'] && person.name === fields['name']
  // No outcome: the engine notes it as unconfirmed and sends it again.
  return written ? { unit, result: 'delivered', created: put.status === 201, remoteId: person.id } : undefined
}

/** What concerns the destination is thrown, and ends the delivery; everything else is the fault of one record. */
const failed = (unit: string, error: unknown): Outcome => {
  if (!isMillraceError(error) || error.scope === 'destination') throw error
  return { unit, result: 'failed', error }
}

/** A vendor that takes people one by one. */
export const acmeOneByOne = defineDestination({
  name: 'acme-one-by-one',
  settings: z.object({ apiKey: z.string().min(1), baseUrl: z.url() }),
  objects: {
    person: {
      from: 'person',
      keyField: 'key',
      fields: { email: { type: 'email', required: true }, name: { type: 'string' } },
    },
  },
  limits: { deliver: { person: 60 } },
  delivery: { person: 'upsert' },
  defaultContract: { objects: { person: { fields: { email: { value: path('email') }, name: { value: path('fullName') } } } } },
  api: ({ apiKey, baseUrl }) => ({
    baseUrl,
    credential: apiKey,
    authorize: (key) => ({ 'api-key': key }),
    budgets: { burst: rolling({ limit: 20, windowMs: 1_000 }) },
  }),
  connect: (_, { http }) => ({
    async *deliver(inputs, ctx) {
      const api = http(ctx)
      async function* inOrder(sameKey: readonly Input[]) {
        for (const input of sameKey) {
          const outcome = await deliverPerson(api, input, ctx).catch((error: unknown) => failed(input.unit, error))
          if (outcome !== undefined) yield [outcome]
        }
      }
      const [first, ...others] = Map.groupBy(inputs, ({ key }) => key).values()
      if (first === undefined) return
      // The first one alone: it finds out whether the vendor takes anything now, before many are under way.
      yield* inOrder(first)
      yield* mapConcurrent(others, 5, inOrder, ctx.signal)
    },
  }),
})
