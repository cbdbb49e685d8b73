import { type Destination, type DestinationContext, type Input, membershipKey, MillraceError, type Outcome } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { createHttpClient, deliverBatches, z } from '../../index.ts'
import { startFaultServer } from '../fault-server.ts'
import { inputOf } from '../input-of.ts'
import { acme } from './acme.fixture.ts'
import { startAcme } from './acme-fake.fixture.ts'
import { acmeConsent } from './acme-consent.fixture.ts'
import { startAcmeConsent } from './acme-consent-fake.fixture.ts'
import { acmeEvents } from './acme-events.fixture.ts'
import { startAcmeEvents } from './acme-events-fake.fixture.ts'
import { acmeOrders } from './acme-orders.fixture.ts'
import { startAcmeOrders } from './acme-orders-fake.fixture.ts'
import { eventMutants } from './event-mutants.fixture.ts'
import { around, broken, collect, each } from './mutate.fixture.ts'
import { orderMutants } from './order-mutants.fixture.ts'
import { readingMutants } from './reading-mutants.fixture.ts'
import { destinationRules } from './rules.ts'
import { consentRules } from './rules/consent.ts'
import { checkDestinationRule } from './suite.ts'

/** Turns what is thrown, or failed, into an outcome of every record. */
const onFault = (blame: (unit: string, error: unknown) => Outcome) =>
  around(
    (good) =>
      async function* (inputs, ctx) {
        try {
          for await (const batch of good(inputs, ctx))
            yield batch.map((one) => (one.result === 'failed' ? blame(one.unit, one.error) : one))
        } catch (error) {
          yield inputs.map(({ unit }) => blame(unit, error))
        }
      },
  )

function withoutRemoteId(input: Input): Input {
  const copy = { ...input }
  delete copy.remoteId
  return copy
}

const permanent = onFault((unit, error) => ({
  unit,
  result: 'failed',
  error: broken(error instanceof MillraceError ? error.code : 'broken'),
}))
const doubling = around(
  (good) => (inputs, ctx) =>
    good(
      inputs.map((input) => {
        const { remoteId: _, ...rest } = input
        return input.uncertain
          ? { ...rest, key: `${input.key}-again`, fields: { ...input.fields, email: `again.${String(input.fields.email)}` } }
          : input
      }),
      ctx,
    ),
)

const consentAs = (change: (decision: Input['consent'][number]) => Input['consent'][number]) =>
  around(
    (good) => (inputs, ctx) =>
      good(
        inputs.map((input) => ({ ...input, consent: input.consent.map(change) })),
        ctx,
      ),
  )

/** Small changes to a good adapter, under the rule that must notice. */
const mutants: Record<string, (good: Destination) => Destination> = {
  'declares-version': (good) => ({ ...good, name: 'Acme Mail' }),
  'declares-objects': (good) => ({ ...good, limits: { deliver: {} } }),
  'plan-settles': (good) => ({
    ...good,
    plan: () => Promise.resolve([{ action: 'create', target: 'field name', differences: [], destructive: false }]),
    apply: () => Promise.resolve(),
  }),
  'apply-again': (good) => {
    let applied = false
    return {
      ...good,
      plan: () => Promise.resolve(applied ? [] : [{ action: 'create', target: 'field name', differences: [], destructive: false }]),
      apply: () => {
        if (applied) throw broken('conflict')
        applied = true
        return Promise.resolve()
      },
    }
  },
  'outcome-per-input': each((outcome, inputs) => ({ ...outcome, unit: inputs[0]?.unit ?? '' })),
  'upsert-by-key': each((outcome) => (outcome.result === 'delivered' ? { ...outcome, created: true } : outcome)),
  'whole-claim': around((good) => (inputs, ctx) => good(inputs.slice(0, 50), ctx)),
  'nothing-for-nothing': around(
    (good) =>
      async function* (inputs, ctx) {
        yield* good(inputs, ctx)
        yield [{ unit: 'done', result: 'delivered', created: false }]
      },
  ),
  'one-bad-record': around(
    (good) =>
      async function* (inputs, ctx) {
        const outcomes = await collect(good(inputs, ctx))
        const bad = outcomes.find((outcome) => outcome.result === 'failed')
        yield bad === undefined ? outcomes : outcomes.map((outcome) => ({ ...bad, unit: outcome.unit }))
      },
  ),
  'bounded-bisection': around(
    (good) =>
      async function* (inputs, ctx) {
        const outcomes = await collect(good(inputs, ctx))
        if (!outcomes.some(({ result }) => result === 'failed')) return yield outcomes
        for (const input of inputs) yield* good([input], ctx)
      },
  ),
  'order-does-not-matter': around(
    (good) =>
      async function* (inputs, ctx) {
        const place = (outcome: Outcome): number => inputs.findIndex(({ unit }) => unit === outcome.unit)
        for await (const batch of good(inputs, ctx)) {
          // What this vendor does today: the last row first.
          const assumed = batch.toSorted((a, b) => place(a) - place(b)).map(({ unit }) => unit)
          yield batch.map((outcome, index) => ({ ...outcome, unit: assumed.at(-1 - index) ?? '' }))
        }
      },
  ),
  'repeated-key': around((good) => (inputs, ctx) => {
    if (new Set(inputs.map(({ key }) => key)).size < inputs.length) throw new TypeError('repeated key')
    return good(inputs, ctx)
  }),
  'silence-is-not-success': around(
    (good) =>
      async function* (inputs, ctx) {
        const seen = new Set<string>()
        for await (const batch of good(inputs, ctx)) {
          for (const { unit } of batch) seen.add(unit)
          yield batch
        }
        yield inputs.filter(({ unit }) => !seen.has(unit)).map(({ unit }) => ({ unit, result: 'delivered', created: false, remoteId: '1' }))
      },
  ),
  'reset-before-commit': onFault((unit) => ({ unit, result: 'delivered', created: true, remoteId: '1' })),
  'reset-after-commit': doubling,
  'cut-answer': permanent,
  'late-request': doubling,
  outage: permanent,
  'refused-credential': permanent,
  'obeys-429': around(
    (good) =>
      async function* (inputs, ctx) {
        try {
          yield* good(inputs, ctx)
        } catch {
          // A fresh clock has fresh budgets, as an adapter that keeps none.
          yield* good(inputs, { ...ctx, clock: { ...ctx.clock } })
        }
      },
  ),
  'no-personal-data': onFault((unit, error) => ({
    unit,
    result: 'failed',
    error: broken('bad', {
      retryable: true,
      context: { input: unit, text: error instanceof Error ? `${error.message} Person Number 0` : '' },
    }),
  })),
  'obeys-abort': around((good) => (inputs, ctx) => good(inputs, { ...ctx, signal: new AbortController().signal })),
  adopts: around((good) => (inputs, ctx) => good(inputs.map(withoutRemoteId), ctx)),
  // Whoever is in the way is taken for the one who was meant.
  'taken-value-is-no-success': each((outcome) =>
    outcome.result === 'conflict'
      ? { unit: outcome.unit, result: 'delivered', created: false, remoteId: outcome.candidates[0]?.remoteId ?? '' }
      : outcome,
  ),
  'finds-by-folded-value': (good) => ({ ...good, find: async (query, ctx) => (await good.find?.(query, ctx))?.slice(0, 1) ?? [] }),
  'counts-requests': (good) => ({ ...good, usage: () => ({ requests: 0, rateLimited: 0, retries: 0 }) }),
  'memberships-are-added': around(
    (good) => (inputs, ctx) =>
      good(
        inputs.map((input) => ({ ...input, memberships: [] })),
        ctx,
      ),
  ),
  // Takes whatever the person is in for its own.
  'only-our-memberships-are-removed': each((outcome, inputs) => {
    const input = inputs.find(({ unit }) => unit === outcome.unit)
    const all = (input?.memberships ?? []).map((one) => [membershipKey(one), one.name])
    return { ...outcome, objects: { ...outcome.objects, ...Object.fromEntries(all) } }
  }),
  'unchanged-memberships-are-free': around(
    (good) => (inputs, ctx) =>
      good(
        inputs.map((input) => ({ ...input, objects: {}, membershipsChanged: true })),
        ctx,
      ),
  ),
  'memberships-survive-faults': around(
    (good) => (inputs, ctx) =>
      good(
        inputs.map((input) => ({ ...input, objects: Object.fromEntries(Object.entries(input.objects).filter(([, id]) => id !== '')) })),
        ctx,
      ),
  ),
  closes: (good) => ({ ...good, close: () => Promise.resolve() }),
  'opt-out-goes-out': consentAs((decision) => (decision.status === 'denied' ? { ...decision, status: 'unknown' } : decision)),
  'opt-in-goes-out': consentAs((decision) => (decision.status === 'granted' ? { ...decision, status: 'unknown' } : decision)),
  'never-resubscribes': consentAs((decision) => ({ ...decision, mayResubscribe: true })),
  'unknown-changes-nothing': consentAs((decision) => (decision.status === 'unknown' ? { ...decision, status: 'denied' } : decision)),
  'new-objects-are-not-mailable': around(
    (good) =>
      async function* (inputs, ctx) {
        yield* good(inputs, ctx)
        const welcomed = inputs.filter(({ object }) => object === 'person')
        const consent = [
          { topic: 'news', channel: 'email', purpose: 'marketing', target: 'news', status: 'granted', mayResubscribe: false } as const,
        ]
        await collect(
          good(
            welcomed.map((input) => ({ ...input, object: 'permission', consent })),
            ctx,
          ),
        )
      },
  ),
  // Of the newest ones first.
  'opt-outs-go-first': around(
    (good) =>
      async function* (inputs, ctx) {
        for (const input of inputs.toReversed()) yield* good([input], ctx)
      },
  ),
  // Whoever has another address is welcomed there.
  'opt-out-survives-a-new-address': around(
    (good) =>
      async function* (inputs, ctx) {
        yield* good(inputs, ctx)
        const moved = inputs.filter(
          ({ object, remoteId, changedFields }) => object === 'person' && remoteId !== undefined && changedFields.includes('email'),
        )
        const consent = [
          { topic: 'news', channel: 'email', purpose: 'marketing', target: 'news', status: 'granted', mayResubscribe: true } as const,
        ]
        await collect(
          good(
            moved.map((input) => ({ ...input, object: 'permission', consent })),
            ctx,
          ),
        )
      },
  ),
  'tells-consent': (good) => ({ ...good, consentOf: async (people, ctx) => (await good.consentOf?.(people, ctx))?.slice(1) ?? [] }),
  'reads-opt-outs-back': (good) => ({
    ...good,
    async *consentChanges(cursor, ctx) {
      // A page whose rows come after its cursor.
      for await (const page of good.consentChanges?.(cursor, ctx) ?? [])
        yield { ...page, changes: cursor === undefined ? page.changes : [] }
    },
  }),
}

/** The delivery of the good adapter with batches of a hundred. */
const oversized = (baseUrl: string, inputs: readonly Input[], ctx: DestinationContext): AsyncIterable<Outcome[]> => {
  const http = createHttpClient({ baseUrl, credential: 'acme-key', clock: ctx.clock })
  return deliverBatches(inputs, {
    vendor: 'Acme',
    call: 'upsert of subscribers',
    size: 100,
    clock: ctx.clock,
    send: (batch) =>
      http.request({
        method: 'POST',
        path: '/subscribers/batch',
        idempotent: true,
        signal: ctx.signal,
        body: { subscribers: batch.map(({ key, remoteId, fields }) => ({ ...fields, key, id: remoteId })) },
      }),
    rows: ({ body }) => z.object({ results: z.array(z.object({ key: z.string(), id: z.string() })) }).safeParse(body).data?.results ?? [],
    rowKey: ({ key }) => key,
    outcome: ({ unit }, { id }) => ({ unit, result: 'delivered', created: true, remoteId: id }),
  })
}

describe('every rule of the destination suite', () => {
  it.each(destinationRules.map((rule) => [rule.id, rule] as const))('%s kills its mutant', async (id, rule) => {
    const ofEvents = eventMutants[id]
    if (ofEvents !== undefined) {
      const [object, mutateEvents] = ofEvents
      const destination = (baseUrl: string): Destination => mutateEvents(acmeEvents({ apiKey: 'acme-key', baseUrl }))
      await expect(checkDestinationRule(rule, object, { destination, fake: startAcmeEvents })).rejects.toThrow()
      return
    }
    for (const [object, mutateOrders] of { ...orderMutants, ...readingMutants }[id] ?? []) {
      const destination = (baseUrl: string): Destination => mutateOrders(acmeOrders({ apiKey: 'acme-key', baseUrl }))
      await expect(checkDestinationRule(rule, object, { destination, fake: startAcmeOrders })).rejects.toThrow()
    }
    const mutate = mutants[id]
    if (mutate === undefined && { ...orderMutants, ...readingMutants }[id] !== undefined) return
    if (mutate === undefined) throw new Error(`the rule ${id} has no mutant`)
    if (consentRules.includes(rule)) {
      const destination = (baseUrl: string): Destination => mutate(acmeConsent({ apiKey: 'acme-key', baseUrl }))
      await expect(checkDestinationRule(rule, 'permission', { destination, fake: startAcmeConsent })).rejects.toThrow()
      return
    }
    const destination = (baseUrl: string): Destination => mutate(acme({ apiKey: 'acme-key', baseUrl }))
    await expect(checkDestinationRule(rule, 'subscriber', { destination, fake: startAcme })).rejects.toThrow()
  })

  it('tells-consent kills an adapter that tells of another target', async () => {
    const rule = consentRules.find(({ id }) => id === 'tells-consent')
    if (rule === undefined) throw new Error('there is no rule tells-consent')
    const destination = (baseUrl: string): Destination => {
      const good = acmeConsent({ apiKey: 'acme-key', baseUrl })
      return {
        ...good,
        consentOf: async (people, ctx) => ((await good.consentOf?.(people, ctx)) ?? []).map((one) => ({ ...one, target: 'offers' })),
      }
    }
    await expect(checkDestinationRule(rule, 'permission', { destination, fake: startAcmeConsent })).rejects.toThrow(/target/)
  })

  it('plan-settles kills a plan that writes by itself', async () => {
    const rule = destinationRules.find(({ id }) => id === 'plan-settles')
    if (rule === undefined) throw new Error('there is no rule plan-settles')
    const destination = (baseUrl: string): Destination => {
      const good = acme({ apiKey: 'acme-key', baseUrl })
      let planned = false
      return {
        ...good,
        async plan(ctx) {
          if (!planned) await collect(good.deliver([inputOf('subscriber', 'planned', { email: 'a@example.com' })], ctx))
          planned = true
          return []
        },
        apply: () => Promise.resolve(),
      }
    }
    await expect(checkDestinationRule(rule, 'subscriber', { destination, fake: startAcme })).rejects.toThrow(
      'plan wrote, before anything was applied',
    )
  })

  it('opt-out-survives-a-new-address kills an adapter that lets the vendor forget', async () => {
    const rule = consentRules.find(({ id }) => id === 'opt-out-survives-a-new-address')
    if (rule === undefined) throw new Error('there is no rule opt-out-survives-a-new-address')
    // This vendor forgets with every new address, whatever is said.
    const fake = async () => {
      const good = await startAcmeConsent()
      const server = await startFaultServer({
        async target({ method, path, query, headers, text }) {
          const body = text.replaceAll(/,"move":true/g, '')
          const reply = await fetch(`${good.url}${path}?${query}`, {
            method,
            headers: { authorization: headers['authorization'] ?? '' },
            ...(body === '' ? {} : { body }),
          })
          return { status: reply.status, headers: { 'content-type': 'application/json' }, body: await reply.text() }
        },
      })
      return { ...good, url: server.url, close: async () => (await server.close(), await good.close()) }
    }
    const destination = (baseUrl: string): Destination => acmeConsent({ apiKey: 'acme-key', baseUrl })
    await expect(checkDestinationRule(rule, 'permission', { destination, fake })).rejects.toThrow('was lost with the old address')
  })

  it('opt-outs-go-first kills an adapter that says of everybody what the first one said', async () => {
    const rule = consentRules.find(({ id }) => id === 'opt-outs-go-first')
    if (rule === undefined) throw new Error('there is no rule opt-outs-go-first')
    const alike = around(
      (good) => (inputs, ctx) =>
        good(
          inputs.map((input) => ({ ...input, consent: inputs[0]?.consent ?? [] })),
          ctx,
        ),
    )
    const destination = (baseUrl: string): Destination => alike(acmeConsent({ apiKey: 'acme-key', baseUrl }))
    await expect(checkDestinationRule(rule, 'permission', { destination, fake: startAcmeConsent })).rejects.toThrow('went out together')
  })

  it('whole-claim kills batches that are larger than the vendor takes', async () => {
    const rule = destinationRules.find(({ id }) => id === 'whole-claim')
    if (rule === undefined) throw new Error('there is no rule whole-claim')
    // The vendor takes 50; everything arrives all the same, since refused batches are halved.
    const destination = (baseUrl: string): Destination => {
      const good = acme({ apiKey: 'acme-key', baseUrl })
      return { ...good, deliver: (inputs, ctx) => oversized(baseUrl, inputs, ctx) }
    }
    await expect(checkDestinationRule(rule, 'subscriber', { destination, fake: startAcme })).rejects.toThrow('was refused with 413')
  })

  it('has an id of its own', () => {
    const ids = destinationRules.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})
