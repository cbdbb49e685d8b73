import {
  isMillraceError,
  type Destination,
  type DestinationContext,
  type Input,
  type MillraceError,
  type ObjectSpec,
  type Outcome,
} from '@millrace/core'
import { checkContract } from './check-contract.ts'
import { defaultContract } from './default-contract/index.ts'
import { dotdigital, type DotdigitalSettings } from './dotdigital/dotdigital.ts'
import { documentOf, objectsOf } from './objects.ts'
import type { EventWrite, MarketingProvider } from './provider.ts'
import { toConsent, toContact } from './to-contact.ts'
import { ownerOf, toDocument, toEventData } from './to-document.ts'

/** What every marketing destination can be told. */
export interface CommonSettings {
  /** Carts as cart documents too. Default false. */
  carts?: boolean
}

/** Settings of {@link marketing}: those of Dotdigital, or a provider of your own. */
export type MarketingSettings = CommonSettings & (DotdigitalSettings | { provider: MarketingProvider })

/** The vendor's own commercetools integration brings new data this often. */
const everyMs = 15 * 60_000

/**
 * A marketing system as a destination: contacts, consent, catalogue, orders, carts and events. Dotdigital unless another provider is given.
 * Throws MillraceError `setting_invalid`.
 */
export const marketing = (settings: MarketingSettings): Destination => {
  const provider = 'provider' in settings ? settings.provider : dotdigital(settings)
  const objects = objectsOf(provider)
  const { limits } = provider
  const many = {
    contact: limits.contacts,
    subscription: limits.consents,
    event: limits.events,
    ...mapped(documentOf, () => limits.documents),
  }
  return {
    specificationVersion: 'v1',
    name: provider.name,
    objects,
    limits: {
      deliver: mapped(objects, (_, object) => many[object as keyof typeof many] ?? 100),
      ...(limits.find === undefined ? {} : { find: limits.find }),
    },
    delivery: mapped(objects, (_, object) => (object === 'event' ? 'idempotent' : 'upsert')),
    defaultContract: defaultContract(provider, { carts: settings.carts ?? false }),
    schedule: { everyMs },
    deliver: (inputs, ctx) => deliver(provider, objects, inputs, ctx),
    find: async ({ object, by, values }, ctx) =>
      object === 'contact' && by === 'email' && values.length > 0 ? await provider.find(values, ctx) : [],
    async check(ctx, depth) {
      const own = depth === 'full' ? checkContract(ctx) : []
      try {
        return [...((await provider.check?.(ctx, depth)) ?? []), ...own]
      } catch (error) {
        if (!isMillraceError(error)) throw error
        const setting = error.field === undefined ? {} : { setting: error.field }
        return [{ level: 'error', code: error.code, message: error.message, ...setting }, ...own]
      }
    },
    ...offered(provider),
    usage: () => provider.usage?.() ?? { requests: 0, rateLimited: 0, retries: 0 },
    close: async () => provider.close?.(),
  }
}

const mapped = <From, To>(of: Readonly<Record<string, From>>, make: (value: From, name: string) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [name, make(value, name)]))

/** What only some providers can do. */
const offered = (
  provider: MarketingProvider,
): Pick<Destination, 'plan' | 'apply' | 'list' | 'read' | 'erase' | 'collect' | 'consentOf' | 'consentChanges' | 'estimate'> => {
  const { plan, apply, list, read, erase, collect, consentOf, consentChanges, estimate } = provider
  return {
    ...(plan === undefined ? {} : { plan: (ctx) => plan(ctx) }),
    ...(apply === undefined ? {} : { apply: (changes, ctx) => apply(changes, ctx) }),
    ...(list === undefined ? {} : { list: ({ object, fields, foreign = false }, ctx) => list({ object, fields, foreign }, ctx) }),
    ...(read === undefined ? {} : { read: (query, ctx) => read(query, ctx) }),
    ...(erase === undefined ? {} : { erase: (people, ctx) => erase(people, ctx) }),
    ...(collect === undefined ? {} : { collect: (tickets, ctx) => collect(tickets, ctx) }),
    ...(consentOf === undefined ? {} : { consentOf: (people, ctx) => consentOf(people, ctx) }),
    ...(consentChanges === undefined ? {} : { consentChanges: (cursor, ctx) => consentChanges(cursor, ctx) }),
    ...(estimate === undefined ? {} : { estimate: (units) => estimate(units) }),
  }
}

async function* deliver(
  provider: MarketingProvider,
  objects: Readonly<Record<string, ObjectSpec>>,
  inputs: readonly Input[],
  ctx: DestinationContext,
): AsyncGenerator<Outcome[]> {
  const [removals, writes] = [inputs.filter(isArchive), inputs.filter((input) => !isArchive(input))]
  if (removals.length > 0) {
    yield* provider.remove(
      removals.map(({ unit, object, key, remoteId = '' }) => ({ unit, object, key, id: remoteId })),
      ctx,
    )
  }
  for (const [object, group] of Map.groupBy(writes, (input) => input.object)) {
    const spec = objects[object]
    if (spec !== undefined) yield* write(provider, object, spec, group, ctx)
  }
}

const isArchive = ({ operation }: Input): boolean => operation === 'archive'

async function* write(
  provider: MarketingProvider,
  object: string,
  spec: ObjectSpec,
  inputs: readonly Input[],
  ctx: DestinationContext,
): AsyncGenerator<Outcome[]> {
  const kind = documentOf[object]
  if (object === 'contact')
    return yield* provider.contacts(
      inputs.map((input) => toContact(input, ctx)),
      ctx,
    )
  if (object === 'subscription')
    return yield* (
      provider.consents?.(
        inputs.map((input) => toConsent(input, ctx)),
        ctx,
      ) ?? []
    )
  const { made, refused } = makeAll(inputs, (input) =>
    kind === undefined ? toEvent(input, spec, ctx) : toDocument(input, spec, ctx.contract),
  )
  if (refused.length > 0) yield refused
  const documents = made.filter((one) => 'json' in one)
  const events = made.filter((one) => 'occurredAt' in one)
  if (kind !== undefined && documents.length > 0) yield* provider.documents?.(kind, documents, ctx) ?? []
  if (events.length > 0) yield* provider.events?.(events, ctx) ?? []
}

/** What cannot be made of one input costs that input. */
const makeAll = <Made>(inputs: readonly Input[], make: (input: Input) => Made): { made: Made[]; refused: Outcome[] } => {
  const made: Made[] = []
  const refused: Outcome[] = []
  for (const input of inputs) {
    try {
      made.push(make(input))
    } catch (error) {
      if (!isMillraceError(error)) throw error
      refused.push(failed(input.unit, error))
    }
  }
  return { made, refused }
}

const failed = (unit: string, error: MillraceError): Outcome => ({ unit, result: 'failed', error })

const toEvent = (input: Input, spec: ObjectSpec, { contract }: DestinationContext): EventWrite => {
  const { unit, event } = input
  if (event === undefined) throw new TypeError(`${unit} is delivered as an event and carries none`)
  return {
    unit,
    id: event.id,
    type: event.name,
    occurredAt: event.occurredAt,
    owner: ownerOf(input, spec) ?? '',
    data: toEventData(input, contract),
  }
}
