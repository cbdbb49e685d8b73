import type { ConsentDecision, ContractOverride, Input, RemoteConsent } from '@millrace/core'
import { unlimited } from '@millrace/fake-vendors/hubspot'
import { afterEach, expect, test } from 'vitest'
import { closePortals, input, openPortal, person, type TestPortal } from './test-support/portal.ts'

afterEach(closePortals)

const basis = 'CONSENT_WITH_NOTICE'
const topics = {
  news: { channel: 'email', target: '1001', basis, explanation: 'Checkbox at the checkout' },
  personal: { channel: 'email', target: '1002', basis },
  everything: { channel: 'email', purpose: 'contact' },
} as const
const contract: ContractOverride = { consent: { topics } }

const targetOf = (topic: keyof typeof topics): { target?: string } => (topic === 'everything' ? {} : { target: topics[topic].target })

const decision = (topic: keyof typeof topics, status: ConsentDecision['status'], more: Partial<ConsentDecision> = {}): ConsentDecision => ({
  topic,
  channel: 'email',
  purpose: 'marketing',
  ...targetOf(topic),
  ...(topic === 'everything' ? {} : { basis }),
  status,
  source: 'checkout',
  at: '2026-01-01T00:00:00.000Z',
  mayResubscribe: false,
  ...more,
})
const says = (name: string, ...consent: ConsentDecision[]): Input =>
  input('subscription', name, { email: `${name}@example.com` }, { consent, unit: `person:${name}` })

const open = (options: Parameters<typeof openPortal>[0] = {}): Promise<TestPortal> =>
  openPortal({ contract, ...options, fake: { searchLagMs: 0, ...options.fake } })
const statusOf = ({ fake }: TestPortal, name: string, id = '1001'): string => fake.portal.consent.status(`${name}@example.com`, id).status
const leave = ({ fake }: TestPortal, name: string, at = Date.now()): void =>
  fake.portal.consent.set(`${name}@example.com`, '1001', { status: 'UNSUBSCRIBED', at })
const collect = async ({ destination, ctx }: TestPortal, cursor?: string): Promise<{ changes: RemoteConsent[]; cursor: string }> => {
  const all: RemoteConsent[] = []
  let last = ''
  for await (const page of destination.consentChanges?.(cursor, ctx) ?? []) {
    all.push(...page.changes)
    last = page.cursor
  }
  return { changes: all, cursor: last }
}

test('opt-outs go before opt-ins, those of other people too, with the legal basis of the topic', async () => {
  const portal = await open()
  await portal.deliver(
    says('a', decision('personal', 'granted'), decision('news', 'denied')),
    says('b', decision('news', 'granted')),
    says('c', decision('news', 'denied')),
  )
  const bodies = portal.fake.requests
    .filter(({ method }) => method === 'POST')
    .map(({ path, body }) => [path.split('/').at(-1), JSON.parse(String(body))])
  expect(bodies.slice(0, 1)).toMatchObject([
    [
      'a%40example.com',
      { subscriptionId: 1001, statusState: 'UNSUBSCRIBED', legalBasis: basis, legalBasisExplanation: 'Checkbox at the checkout' },
    ],
  ])
  expect(bodies.find(([, body]) => body.subscriptionId === 1002)?.[1]).toMatchObject({
    statusState: 'SUBSCRIBED',
    legalBasisExplanation: 'Opt-in, stated at checkout, 2026-01-01T00:00:00.000Z',
  })
  expect([statusOf(portal, 'a'), statusOf(portal, 'a', '1002'), statusOf(portal, 'b'), statusOf(portal, 'c')]).toEqual([
    'UNSUBSCRIBED',
    'SUBSCRIBED',
    'SUBSCRIBED',
    'UNSUBSCRIBED',
  ])
})

test('an opt-out without a legal basis goes out too, an opt-in that HubSpot refuses is a fault of the record', async () => {
  const bare = { news: { channel: 'email', target: '1001' } } as const
  const portal = await openPortal({ contract: { consent: { topics: bare } } })
  const without = (status: 'granted' | 'denied') => [
    { topic: 'news', channel: 'email', purpose: 'marketing', target: '1001', status, mayResubscribe: false } as const,
  ]
  const outcomes = await portal.deliver(
    input('subscription', 'a', { email: 'a@example.com' }, { consent: without('denied') }),
    input('subscription', 'b', { email: 'b@example.com' }, { consent: without('granted') }),
  )
  expect(outcomes.get('subscription:a')).toMatchObject({ result: 'delivered' })
  expect(outcomes.get('subscription:b')).toMatchObject({ result: 'failed', error: { scope: 'record', retryable: false } })
})

test('a denial without a subscription type takes the person off everything; an opt-in for one is refused', async () => {
  const portal = await open()
  const outcomes = await portal.deliver(says('a', decision('everything', 'denied')), says('b', decision('everything', 'granted')))
  expect([statusOf(portal, 'a'), statusOf(portal, 'a', '1002')]).toEqual(['UNSUBSCRIBED', 'UNSUBSCRIBED'])
  expect(outcomes.get('person:b')).toMatchObject({ result: 'failed', error: { code: 'consent_target_missing' } })
})

test('an opt-out made after the opt-in stands, whatever leave there was; the engine decides anew', async () => {
  const portal = await open()
  leave(portal, 'a')
  const may = decision('news', 'granted', { mayResubscribe: true })
  expect((await portal.deliver(says('a', may))).get('person:a')).toMatchObject({
    result: 'failed',
    error: { code: 'opt_out_stands', retryable: true },
  })
  const later = decision('news', 'granted', { mayResubscribe: true, at: new Date(Date.now() + 1000).toISOString() })
  expect((await portal.deliver(says('a', later))).get('person:a')).toMatchObject({ result: 'delivered' })
  expect(statusOf(portal, 'a')).toBe('SUBSCRIBED')
})

test('what was asked a moment ago is not asked again', async () => {
  const portal = await open()
  await portal.destination.consentOf?.([{ unit: 'person:a', key: 'a', email: 'A@example.com' }], portal.ctx)
  portal.fake.resetRequests()
  await portal.deliver(says('a', decision('news', 'granted')))
  expect(portal.calls()).toEqual(['POST /communication-preferences/2026-03/statuses/a%40example.com'])
})

test('asked for people, it tells who left everything, with and without a contact', async () => {
  const portal = await open()
  await portal.deliver(person('a'))
  await portal.deliver(says('a', decision('everything', 'denied')), says('b', decision('everything', 'denied')))
  const subjects = ['a', 'b', 'c'].map((name) => ({ unit: `person:${name}`, key: name, email: `${name}@example.com` }))
  const told = (await portal.destination.consentOf?.(subjects, portal.ctx)) ?? []
  const whole = told.filter(({ target }) => target === undefined)
  expect(whole.map(({ key, status }) => [key, status]).toSorted()).toEqual([
    ['a', 'denied'],
    ['b', 'denied'],
  ])
  expect(told.some(({ key }) => key === 'c')).toBe(false)
})

test('opt-outs of contacts are read back page by page, all of them once a day', async () => {
  const portal = await open()
  const names = Array.from({ length: 230 }, (_, index) => `p${index}`)
  await portal.deliver(...names.map((name) => person(name)))
  for (const name of names) leave(portal, name)
  const first = await collect(portal)
  expect(new Set(first.changes.map(({ key }) => key)).size).toBe(230)
  expect(first.changes[0]).toMatchObject({ channel: 'email', target: '1001', status: 'denied' })
  const searches = (): string[] => portal.fake.requests.filter(({ path }) => path.endsWith('/search')).map(({ body }) => String(body))
  portal.fake.resetRequests()
  const next = await collect(portal, first.cursor)
  expect(searches().every((body) => body.includes('lastmodifieddate'))).toBe(true)
  portal.fake.resetRequests()
  const [read] = next.cursor.split('/')
  await collect(portal, `${read}/${Number(read) - 25 * 60 * 60_000}`)
  expect(searches().some((body) => body.includes('lastmodifieddate'))).toBe(false)
})

test('check names missing subscription types, bases and scopes', async () => {
  const wrong = {
    news: { channel: 'email', target: '77', basis },
    personal: { channel: 'email', target: '1002', basis: 'BECAUSE' },
    all: { channel: 'email' },
  } as const
  const portal = await openPortal({ contract: { consent: { topics: wrong } } })
  const findings = (await portal.destination.check?.(portal.ctx, 'full')) ?? []
  const codes = findings.map(({ code, setting }) => `${code} ${setting ?? ''}`)
  expect(codes).toContain('subscription_type_missing connections.hubspot.contract.consent.topics.news.target')
  expect(codes).toContain('legal_basis_missing connections.hubspot.contract.consent.topics.personal.basis')
  expect(codes).toContain('consent_target_missing connections.hubspot.contract.consent.topics.all.target')
  portal.fake.credentials.revoke('communication_preferences.read', 'communication_preferences.read_write')
  const refused = (await portal.destination.check?.(portal.ctx, 'full')) ?? []
  expect(
    refused
      .filter(({ code }) => code === 'scope_missing')
      .map(({ message }) => message)
      .join(),
  ).toMatch(/consent/)
})

test('consent may take the last share of the day, when nothing else may', async () => {
  const portal = await open({ fake: { limits: { ...unlimited, daily: 1_000 } } })
  await portal.deliver(person('a'))
  portal.fake.rates.consume({ daily: 960 - portal.fake.rates.usedToday })
  await portal.deliver(person('b'))
  const [calm, urgent] = [await portal.deliver(person('c')), await portal.deliver(says('c', decision('news', 'denied')))]
  expect(calm.get('contact:c')).toMatchObject({ result: 'failed', error: { code: 'daily_budget_exhausted' } })
  expect(urgent.get('person:c')).toMatchObject({ result: 'delivered' })
})
