import {
  defineDestination,
  deliverBatches,
  deliverEach,
  rolling,
  z,
  type BoundHttpClient,
  type Destination,
  type DestinationContext,
  type Input,
  type Outcome,
} from '@millrace/adapter-kit'
import { rows, toOutcome } from './answers.ts'
import { archiveOne } from './archive.ts'
import { defaultContract, objects } from './objects.ts'
import { putPurchase } from './purchases.ts'

const settings = z.strictObject({ token: z.string().min(1), baseUrl: z.url().default('https://api.lodestar.example') })

/** Settings of {@link lodestar}. */
export type LodestarSettings = z.input<typeof settings>

const common = { vendor: 'Lodestar', setting: 'token', size: 50, rows, outcome: toOutcome } as const

const deliverMembers = (api: BoundHttpClient, inputs: readonly Input[], { clock }: DestinationContext): AsyncGenerator<Outcome[]> =>
  deliverBatches(inputs, {
    ...common,
    call: 'upsert of members',
    clock,
    send: (batch) => {
      const members = batch.map(({ key, remoteId, fields }) => ({ ...fields, key, id: remoteId }))
      return api.request({ method: 'POST', path: '/members/batch', idempotent: true, budget: 'burst', body: { members } })
    },
    rowKey: ({ key }) => key,
  })

/** Lodestar knows a moment by its id, so one that is told twice is told once: `idempotent`. */
const deliverMoments = (api: BoundHttpClient, inputs: readonly Input[], { clock }: DestinationContext): AsyncGenerator<Outcome[]> =>
  deliverBatches(inputs, {
    ...common,
    call: 'moments',
    clock,
    send: (batch) => {
      const moments = batch.map(({ event, fields, parents }) => ({
        ...fields,
        id: event?.id,
        name: event?.name,
        at: event?.occurredAt,
        member: parents[0]?.remoteId,
      }))
      return api.request({ method: 'POST', path: '/moments', idempotent: true, budget: 'burst', body: { moments } })
    },
    inputKey: ({ event }) => event?.id ?? '',
    rowKey: ({ id }) => id,
  })

/** A customer, their orders and what they do as members, purchases and moments of Lodestar. Throws MillraceError `setting_invalid`. */
export const lodestar: (settings: LodestarSettings) => Destination = defineDestination({
  name: 'lodestar',
  settings,
  objects,
  limits: { deliver: { member: 200, purchase: 50, moment: 200 }, find: 50 },
  delivery: { member: 'upsert', purchase: 'upsert', moment: 'idempotent' },
  defaultContract,
  api: ({ token, baseUrl }) => ({ baseUrl, credential: token, budgets: { burst: rolling({ limit: 100, windowMs: 1_000 }) } }),
  connect: (_settings, { http }) => ({
    async *deliver(inputs, ctx) {
      const api = http(ctx)
      const side = { concurrency: 5, signal: ctx.signal } as const
      const { archive = [], upsert = [] } = Object.groupBy(inputs, ({ operation }) => operation)
      yield* deliverEach(archive, { ...side, deliver: (input) => archiveOne(api, input, ctx) })
      const { member = [], purchase = [], moment = [] } = Object.groupBy(upsert, ({ object }) => object)
      yield* deliverMembers(api, member, ctx)
      yield* deliverEach(purchase, { ...side, deliver: (input) => putPurchase(api, input, ctx) })
      yield* deliverMoments(api, moment, ctx)
    },
    async find({ values }, ctx) {
      const reply = await http(ctx).request({ method: 'GET', path: '/members', query: { email: values }, budget: 'burst' })
      return rows(reply).map(({ id = '', key = '', email = '' }) => ({ remoteId: id, key, value: email, fields: { email } }))
    },
  }),
})
