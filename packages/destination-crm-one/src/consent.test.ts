import type { ConsentDecision, Input } from '@millrace/core'
import { afterEach, expect, test } from 'vitest'
import { buyer, closeCrms, input, openCrm, person, ref, results } from './test-support/crm.ts'

afterEach(closeCrms)

const says = (status: ConsentDecision['status'], at: string, more: Partial<ConsentDecision> = {}): ConsentDecision => ({
  topic: 'email',
  channel: 'email',
  purpose: 'marketing',
  target: 'marketing',
  status,
  at,
  source: 'checkout',
  mayResubscribe: false,
  ...more,
})
const day = (number: number): string => `2026-01-0${number}T00:00:00.000Z`
const about = (id: string, consent: ConsentDecision[], more: Partial<Input> = {}): Input =>
  input('subscription', `shop:${id}`, { email: `p${id}@example.com` }, { consent, ...more })

test('an opt-out of somebody who is not there yet makes a contact that the profile joins later', async () => {
  const { fake, deliver } = await openCrm()
  const outcome = (await deliver(about('1', [says('denied', day(1))]))).get('subscription:shop:1')
  expect(outcome).toMatchObject({ result: 'delivered', created: true })
  expect(fake.crm.contact(ref('1'))).toMatchObject({
    emails: [{ value: 'p1@example.com' }],
    consents: [{ status: 'denied', at: day(1), source: 'checkout' }],
  })
  expect((await deliver(person('1'))).get('contact:shop:1')).toMatchObject({
    result: 'delivered',
    created: false,
    remoteId: outcome?.remoteId,
  })
  expect(fake.crm.contacts()).toHaveLength(1)
})

test('an opt-out of somebody whom the CRM holds without our key is taken to that contact', async () => {
  const { fake, deliver } = await openCrm()
  const there = fake.crm.create({ emails: [{ value: 'P1@example.com', primary: true }] })
  const opted = about('1', [says('denied', day(1))])
  expect((await deliver(opted)).get(opted.unit)).toMatchObject({ result: 'conflict', candidates: [{ remoteId: there, key: '' }] })
  expect((await deliver({ ...opted, remoteId: there })).get(opted.unit)).toMatchObject({ result: 'delivered', remoteId: there })
  expect(fake.crm.contact(there)?.consents).toMatchObject([{ status: 'denied' }])
})

test('consent of a contact that is there says nothing about its fields', async () => {
  const { fake, deliver } = await openCrm()
  const parents = [buyer('1', (await deliver(person('1'))).get('contact:shop:1'))]
  fake.crm.edit(ref('1'), { emails: [{ value: 'edited@example.com', primary: true }] })
  await deliver(about('1', [says('granted', day(1))], { parents }))
  expect(fake.crm.contact(ref('1'))).toMatchObject({ emails: [{ value: 'edited@example.com' }], consents: [{ status: 'granted' }] })
})

test('what the CRM knows of a later time stays, and the rest of what the person said goes out', async () => {
  const { fake, deliver } = await openCrm()
  const parents = [buyer('1', (await deliver(person('1'))).get('contact:shop:1'))]
  await deliver(about('1', [says('granted', day(3))], { parents }))
  const outcomes = await deliver(
    about('1', [says('denied', day(2)), says('denied', day(2), { topic: 'sms', channel: 'sms' })], { parents }),
  )
  expect(results(outcomes)).toEqual({ delivered: 1 })
  expect(fake.crm.contact(ref('1'))?.consents.map(({ channel, status }) => [channel, status])).toEqual([
    ['email', 'granted'],
    ['sms', 'denied'],
  ])
})

test('at the same time a denial counts more than an opt-in', async () => {
  const { fake, deliver } = await openCrm()
  const parents = [buyer('1', (await deliver(person('1'))).get('contact:shop:1'))]
  await deliver(about('1', [says('granted', day(3))], { parents }))
  await deliver(about('1', [says('denied', day(3))], { parents }))
  expect(fake.crm.contact(ref('1'))?.consents).toMatchObject([{ status: 'denied' }])
})

test('an opt-out after an opt-in of ours is told as a withdrawal, which only evidence lifts', async () => {
  const { fake, deliver } = await openCrm()
  const parents = [buyer('1', (await deliver(person('1'))).get('contact:shop:1'))]
  const granted = about('1', [says('granted', day(1))], { parents })
  const first = (await deliver(granted)).get(granted.unit)
  const second = (await deliver({ ...granted, consent: [says('denied', day(2))], progress: first?.progress })).get(granted.unit)
  expect(fake.crm.contact(ref('1'))?.consents).toMatchObject([{ status: 'withdrawn' }])
  const again = { ...granted, progress: second?.progress }
  expect(results(await deliver({ ...again, consent: [says('granted', day(3), { mayResubscribe: true })] }))).toEqual({
    consent_evidence_required: 1,
  })
  const shown = says('granted', day(4), { mayResubscribe: true, evidence: { form: 'newsletter', ip: '192.0.2.1' } })
  expect(results(await deliver({ ...again, consent: [shown] }))).toEqual({ delivered: 1 })
  expect(fake.crm.contact(ref('1'))?.consents).toMatchObject([{ status: 'granted', evidence: 'form: newsletter; ip: 192.0.2.1' }])
})

test('an opt-in that may not lift an opt-out keeps the other things from being lost', async () => {
  const { fake, deliver } = await openCrm()
  const parents = [buyer('1', (await deliver(person('1'))).get('contact:shop:1'))]
  fake.crm.withdraw(ref('1'), 'email', 'marketing')
  const later = new Date(Date.now() + 1_000).toISOString()
  const outcomes = await deliver(
    about('1', [says('denied', day(1), { topic: 'sms', channel: 'sms' }), says('granted', later)], { parents }),
  )
  expect(results(outcomes)).toEqual({ consent_evidence_required: 1 })
  expect(fake.crm.contact(ref('1'))?.consents.map(({ channel, status }) => [channel, status])).toEqual([
    ['email', 'withdrawn'],
    ['sms', 'denied'],
  ])
})

test('a time ahead of the clock of the CRM waits, whichever clock is wrong', async () => {
  const { fake, deliver } = await openCrm({ fake: { clockSkewMs: -3_600_000 } })
  const opted = about('1', [says('denied', new Date().toISOString())])
  expect((await deliver(opted)).get(opted.unit)).toMatchObject({ error: { code: 'clock_ahead', retryable: true, retryAfterMs: 60_000 } })
  fake.crm.skewClock(0)
  expect(results(await deliver(opted))).toEqual({ delivered: 1 })
})

test('consent of a contact that was merged follows it', async () => {
  const { fake, deliver } = await openCrm()
  const parents = [buyer('1', (await deliver(person('1'))).get('contact:shop:1'))]
  const survivor = fake.crm.create({ emails: [{ value: 'main@example.com', primary: true }] })
  fake.crm.merge(survivor, ref('1'))
  expect(results(await deliver(about('1', [says('denied', day(1))], { parents })))).toEqual({ delivered: 1 })
  expect(fake.crm.contact(survivor)?.consents).toMatchObject([{ status: 'denied' }])
})

test('where a contact needs more than a consent to be made, the opt-out waits for the profile', async () => {
  const attributes = { contact: [{ name: 'customerNumber', type: 'string' as const, required: true }], order: [], deal: [] }
  const { deliver } = await openCrm({ fake: { schema: { attributes } } })
  const opted = about('1', [says('denied', day(1))])
  expect((await deliver(opted)).get(opted.unit)).toMatchObject({ error: { code: 'contact_unknown', retryable: true } })
  await deliver(person('1', { customerNumber: '7' }))
  expect(results(await deliver(opted))).toEqual({ delivered: 1 })
})

test('a consent without a time is told as of now, and says so', async () => {
  const { fake, deliver } = await openCrm()
  const { at: _, ...timeless } = says('granted', day(1))
  await deliver(about('1', [timeless]))
  const [held] = fake.crm.contact(ref('1'))?.consents ?? []
  expect(held).toMatchObject({ status: 'granted', source: 'checkout (time not known)' })
  expect(Math.abs(Date.parse(held?.at ?? '') - Date.now())).toBeLessThan(60 * 60_000)
})

test('of two topics about the same consent the denial counts', async () => {
  const { fake, deliver } = await openCrm()
  await deliver(about('1', [says('granted', day(2), { topic: 'a' }), says('denied', day(1), { topic: 'b' })]))
  await deliver(about('2', [says('denied', day(1), { topic: 'b' }), says('granted', day(2), { topic: 'a' })]))
  for (const id of ['1', '2']) expect(fake.crm.contact(ref(id))?.consents).toMatchObject([{ status: 'denied' }])
})

test('unknown is not told', async () => {
  const { fake, deliver, calls } = await openCrm()
  expect(results(await deliver(about('1', [says('unknown', day(1))])))).toEqual({ delivered: 1 })
  expect([calls(), fake.crm.contacts()]).toEqual([[], []])
})

test('changes at the CRM are read from a cursor, each with key, address and time', async () => {
  const { fake, destination, ctx, deliver } = await openCrm()
  await deliver(person('1'), person('2'))
  const read = async (since?: string) => {
    const pages = []
    for await (const page of destination.consentChanges?.(since, ctx) ?? []) pages.push(page)
    return { changes: pages.flatMap(({ changes }) => changes), cursor: pages.at(-1)?.cursor }
  }
  const start = await read()
  expect(start.changes).toEqual([])
  fake.crm.withdraw(ref('2'), 'sms', 'marketing')
  expect((await read(start.cursor)).changes).toMatchObject([
    {
      key: 'shop:2',
      email: 'p2@example.com',
      channel: 'sms',
      target: 'marketing',
      status: 'denied',
      reason: 'unsubscribed',
      at: expect.any(Number),
    },
  ])
})

test('an opt-out of a shop whose clock is ahead is told at once, with the time of now', async () => {
  const { fake, deliver, ctx } = await openCrm()
  const parents = [buyer('1', (await deliver(person('1'))).get('contact:shop:1'))]
  const at = new Date(ctx.clock.now() + 20 * 60_000).toISOString()
  const outcomes = await deliver(about('1', [says('denied', at)], { parents }))
  expect(results(outcomes)).toEqual({ delivered: 1 })
  const [held] = fake.crm.contact(ref('1'))?.consents ?? []
  expect(held).toMatchObject({ status: 'denied' })
  expect(Date.parse(held?.at ?? '')).toBeLessThanOrEqual(ctx.clock.now())
})
