import { type BoundHttpClient, defineDestination, deliverBatches, type Input, type Outcome, path, z } from '../../index.ts'

const answerSchema = z.object({ results: z.array(z.object({ id: z.string() })) })

const common = { vendor: 'Acme', setting: 'apiKey', size: 50 }

const delivered = ({ unit }: Input): Outcome => ({ unit, result: 'delivered', created: true })

const toBody = (batch: readonly Input[]): object => ({
  events: batch.map(({ event, fields }) => ({ id: event?.id, name: event?.name, at: event?.occurredAt, title: fields['title'] })),
})

/** A request that must not be made twice: Acme's signals have no ids. */
const signal = (api: BoundHttpClient, batch: readonly Input[]) =>
  api.request({ method: 'POST', path: '/signals', idempotent: false, body: toBody(batch) })

/** Acme's notes have the id of the event: the same one again is the same note. */
const note = (api: BoundHttpClient, batch: readonly Input[]) =>
  api.request({ method: 'POST', path: '/notes', idempotent: true, body: toBody(batch) })

const rowsOf = (reply: { body: unknown }): { id: string }[] => answerSchema.safeParse(reply.body).data?.results ?? []

const object = { from: 'event', keyField: 'id', fields: { title: { type: 'string', maxLength: 40 } } } as const
const rule = { name: 'order placed', fields: { title: { value: path('productName') } } }

export const acmeEvents = defineDestination({
  name: 'acme-events',
  settings: z.object({ apiKey: z.string().min(1), baseUrl: z.url().default('https://api.acme.example') }),
  objects: { signal: object, note: object },
  limits: { deliver: { signal: 120, note: 120 } },
  delivery: { signal: 'at-most-once', note: 'idempotent' },
  defaultContract: { events: { 'order.placed': rule }, objects: { signal: { fields: {} }, note: { fields: {} } } },
  api: ({ apiKey, baseUrl }) => ({ baseUrl, credential: apiKey }),
  connect: (_, { http }) => ({
    async *deliver(inputs, ctx) {
      const api = http(ctx)
      for (const [name, group] of Map.groupBy(inputs, (input) => input.object)) {
        const send = name === 'signal' ? signal : note
        yield* deliverBatches(group, {
          ...common,
          call: `${name}s`,
          clock: ctx.clock,
          send: (batch) => send(api, batch),
          rows: rowsOf,
          rowKey: ({ id }) => id,
          inputKey: ({ event }) => event?.id ?? '',
          outcome: delivered,
        })
      }
    },
  }),
})
