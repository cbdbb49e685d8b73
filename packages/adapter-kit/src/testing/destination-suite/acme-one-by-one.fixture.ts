import {
  type BoundHttpClient,
  classify,
  defineDestination,
  deliverEach,
  type DestinationContext,
  type Input,
  type Outcome,
  path,
  rolling,
  z,
} from '../../index.ts'

const personSchema = z.object({ id: z.string(), key: z.string(), email: z.string(), name: z.string() })

const call = { vendor: 'Acme', setting: 'apiKey', scope: 'record' } as const

/** One person, one call. It answers with a status and no body, so that only reading the person tells what is there now. */
const putPerson = async (api: BoundHttpClient, input: Input, ctx: DestinationContext): Promise<Outcome | undefined> => {
  const { unit, key, fields, remoteKey = key } = input
  const now = ctx.clock.now()
  const place = `/people/${encodeURIComponent(remoteKey)}`
  const put = await api.request({ method: 'PUT', path: place, body: { ...fields, key }, idempotent: true, budget: 'burst' })
  if (put.status !== 201 && put.status !== 204) throw classify(put, { ...call, call: 'upsert of a person', now })
  const read = await api.request({ method: 'GET', path: `/people/${encodeURIComponent(key)}`, budget: 'burst' })
  if (read.status !== 200 && read.status !== 404) throw classify(read, { ...call, call: 'reading a person', now })
  const person = personSchema.safeParse(read.body).data
  const written = person?.key === key && person.email === fields['email'] && person.name === (fields['name'] ?? '')
  // No outcome: the engine notes it as unconfirmed and sends it again.
  return written ? { unit, result: 'delivered', created: put.status === 201, remoteId: person.id } : undefined
}

/** Acme has no archive, so an archived person is deleted. One who is gone already is what was wanted. */
const deletePerson = async (api: BoundHttpClient, { unit, key }: Input, ctx: DestinationContext): Promise<Outcome> => {
  const reply = await api.request({ method: 'DELETE', path: `/people/${encodeURIComponent(key)}`, idempotent: true, budget: 'burst' })
  if (reply.status !== 204 && reply.status !== 404) throw classify(reply, { ...call, call: 'deletion of a person', now: ctx.clock.now() })
  return { unit, result: 'delivered', created: false }
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
    deliver(inputs, ctx) {
      const api = http(ctx)
      return deliverEach(inputs, {
        concurrency: 5,
        signal: ctx.signal,
        deliver: (input) => (input.operation === 'archive' ? deletePerson(api, input, ctx) : putPerson(api, input, ctx)),
      })
    },
  }),
})
