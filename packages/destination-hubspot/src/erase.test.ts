import { path, template, type ErasureOutcome, type ErasureTarget } from '@millrace/core'
import { afterEach, describe, expect, it } from 'vitest'
import { personalFields } from './scrub-objects.ts'
import { closePortals, openPortal, person, type TestPortal } from './test-support/portal.ts'

afterEach(closePortals)

const target = (over: Partial<ErasureTarget> = {}): ErasureTarget => ({ unit: 'u', key: '', emails: [], phones: [], related: [], ...over })

const erase = async (portal: TestPortal, ...people: ErasureTarget[]): Promise<ErasureOutcome[]> => {
  const outcomes: ErasureOutcome[] = []
  for await (const some of portal.destination.erase?.(people, portal.ctx) ?? []) outcomes.push(...some)
  return outcomes
}

/** A portal with the person `a` and a bystander. */
const withPeople = async () => {
  const portal = await openPortal()
  const outcomes = await portal.deliver(person('a'), person('b'))
  const id = outcomes.get('contact:a')?.remoteId ?? ''
  const email = portal.fake.portal.get('contacts', id)?.properties['email'] ?? ''
  portal.fake.resetRequests()
  return { portal, id, email }
}

const count = (portal: TestPortal): number => portal.fake.portal.count('contacts')

describe('erasure', () => {
  it.each<[string, (known: { id: string; email: string }) => Partial<ErasureTarget>]>([
    ['the id that we linked', ({ id }) => ({ remoteId: id })],
    ['our own key', () => ({ key: 'a' })],
    ['an address in another case', ({ email }) => ({ emails: [email.toUpperCase()] })],
  ])('takes a contact away for good, found by %s, and no other', async (_, by) => {
    const { portal, ...known } = await withPeople()
    expect(await erase(portal, target(by(known)))).toMatchObject([{ result: 'erased' }])
    expect(portal.fake.portal.get('contacts', known.id)).toBeUndefined()
    expect(count(portal)).toBe(1)
  })

  it('never names an address to HubSpot that nobody has: it would be blocked for ever', async () => {
    const { portal } = await withPeople()
    expect(await erase(portal, target({ emails: ['nobody@example.test'], key: 'nobody', remoteId: '999999' }))).toMatchObject([
      { result: 'absent' },
    ])
    expect(portal.calls().filter((call) => call.includes('gdpr-delete'))).toEqual([])
    expect(count(portal)).toBe(2)
  })

  it('may be repeated', async () => {
    const { portal, id } = await withPeople()
    await erase(portal, target({ remoteId: id }))
    expect(await erase(portal, target({ remoteId: id }))).toMatchObject([{ result: 'absent' }])
  })

  it('reports a refusal for the person it concerns, and goes on with the others', async () => {
    const { portal, id } = await withPeople()
    const [, second] = portal.fake.portal.all('contacts')
    const reply = { status: 400, body: { status: 'error', category: 'VALIDATION_ERROR', message: 'no' } }
    portal.fake.faults.next({ kind: 'reply', reply }, { path: '/crm/objects/2026-03/contacts/gdpr-delete' })
    const outcomes = await erase(portal, target({ unit: 'one', remoteId: id }), target({ unit: 'two', remoteId: second?.id ?? '' }))
    expect(outcomes.map(({ unit, result }) => [unit, result])).toEqual([
      ['one', 'failed'],
      ['two', 'erased'],
    ])
  })
})

describe('the fields of an order that name its buyer', () => {
  it('are those that read the buyer, wherever it stands in the expression', () => {
    expect(
      personalFields({
        gross: { value: path('gross.amount') },
        mail: { value: path('email') },
        street: { value: path('shippingAddress.streetName') },
        country: { value: path('billingAddress.country') },
        note: { value: { op: 'coalesce', of: [path('number'), path('custom.note')] } },
        title: { value: template('Order {number} of {billingAddress.lastName}') },
        name: { value: template('Order {number}') },
      }),
    ).toEqual(['mail', 'street', 'note', 'title'])
  })
})
