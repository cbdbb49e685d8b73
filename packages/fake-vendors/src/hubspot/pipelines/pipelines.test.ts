import { expect, test } from 'vitest'

import { objects, raw, withFake } from '../raw.ts'

const path = '/crm/pipelines/2026-03/deals'
const stage = (label: string, probability: unknown = '0.5', displayOrder = 0): object => ({
  label,
  displayOrder,
  metadata: { probability },
})

test('pipeline-ids-portal-specific: ids of new pipelines and stages are given by the portal', async () => {
  const ids = async (seed: number): Promise<string[]> => {
    let seen: string[] = []
    await withFake({ seed }, async (fake) => {
      const reply = await raw(fake, 'POST', path, {
        label: 'Commerce',
        displayOrder: 1,
        stages: [stage('Placed'), stage('Paid', '1.0', 1)],
      })
      expect(reply.status).toBe(201)
      const pipeline = fake.portal.pipelines('deals').find(({ label }) => label === 'Commerce')
      expect(pipeline?.stages.map(({ label, metadata }) => [label, metadata['isClosed']])).toEqual([
        ['Placed', 'false'],
        ['Paid', 'true'],
      ])
      seen = [
        pipeline?.id ?? '',
        ...(pipeline?.stages.map(({ id }) => id) ?? []),
        ...fake.portal.pipelines('orders').flatMap(({ stages }) => stages.map(({ id }) => id)),
      ]
    })
    return seen
  }
  const first = await ids(1)
  expect(new Set(first).size).toBe(first.length)
  expect((await ids(2)).filter((id) => first.includes(id))).toEqual([])
})

test('pipeline-object-type: only deals and orders have pipelines', () =>
  withFake({}, async (fake) => {
    expect((await raw(fake, 'GET', '/crm/pipelines/2026-03/contacts')).status).toBe(400)
    expect((await raw(fake, 'GET', '/crm/pipelines/2026-03/orders')).results).toHaveLength(1)
  }))

test('pipeline-not-found: unknown pipelines and stages are a 404', () =>
  withFake({}, async (fake) => {
    for (const rest of ['/nope', '/nope/stages', '/default/stages/nope']) expect((await raw(fake, 'GET', path + rest)).status).toBe(404)
    expect((await raw(fake, 'GET', `${path}/default/stages/closedwon`)).body).toMatchObject({
      label: 'Closed Won',
      metadata: { probability: '1.0', isClosed: 'true' },
    })
  }))

test('pipeline-label-unique: two pipelines, or two stages of one, cannot share a label', () =>
  withFake({}, async (fake) => {
    const body = { label: 'Commerce', displayOrder: 1, stages: [stage('Placed')] }
    expect((await raw(fake, 'POST', path, body)).status).toBe(201)
    expect((await raw(fake, 'POST', path, body)).status).toBe(409)
    expect((await raw(fake, 'POST', path, { ...body, label: 'Other', stages: [stage('A'), stage('A')] })).status).toBe(409)
    expect(fake.portal.pipelines('deals')).toHaveLength(2)
    expect((await raw(fake, 'PATCH', `${path}/default`, { label: 'Commerce' })).status).toBe(409)
    expect((await raw(fake, 'PATCH', `${path}/default`, { label: 'Sales' })).body).toMatchObject({ label: 'Sales' })
  }))

test('pipeline-deal-probability: deal stages need a probability in steps of a tenth', () =>
  withFake({}, async (fake) => {
    const add = async (body: object): Promise<number> => (await raw(fake, 'POST', `${path}/default/stages`, body)).status
    expect(await add({ label: 'None', displayOrder: 9 })).toBe(400)
    for (const probability of ['1.1', '0.55', '50', 'x'])
      expect([probability, await add(stage('Bad', probability))]).toEqual([probability, 400])
    for (const [index, probability] of ['0', '0.0', '0.5', '1', '1.0', 0.3].entries())
      expect(await add(stage(`Good ${index}`, probability))).toBe(201)
    const orders = '/crm/pipelines/2026-03/orders'
    const id = fake.portal.pipelines('orders')[0]?.id
    expect((await raw(fake, 'POST', `${orders}/${id}/stages`, { label: 'Returned', displayOrder: 9 })).status).toBe(201)
  }))

test('pipeline-in-use: a stage that deals stand in stays, a pipeline when asked to check', () =>
  withFake({}, async (fake) => {
    fake.portal.create('deals', { dealname: 'D', dealstage: 'closedwon' })
    expect((await raw(fake, 'DELETE', `${path}/default/stages/closedwon`)).status).toBe(400)
    expect((await raw(fake, 'DELETE', `${path}/default/stages/closedlost`)).status).toBe(204)
    expect((await raw(fake, 'DELETE', `${path}/default?validateReferencesBeforeDelete=true`)).status).toBe(400)
    expect((await raw(fake, 'DELETE', `${path}/default`)).status).toBe(204)
  }))

test('stages of a new pipeline are allowed values at once, and options of the stage property', () =>
  withFake({}, async (fake) => {
    await raw(fake, 'POST', path, { label: 'Commerce', displayOrder: 1, stages: [stage('Paid', '1.0')] })
    const commerce = fake.portal.pipelines('deals').find(({ label }) => label === 'Commerce')
    const paid = commerce?.stages[0]?.id ?? ''
    const options = (await raw(fake, 'GET', '/crm/properties/2026-03/deals/dealstage')).body
    expect(options).toMatchObject({ options: expect.arrayContaining([expect.objectContaining({ value: paid, label: 'Paid' })]) })
    const deal = { properties: { dealname: 'D', pipeline: commerce?.id, dealstage: paid } }
    const reply = await raw(fake, 'POST', objects('deals'), deal)
    expect(reply.status).toBe(201)
    expect(fake.portal.value('deals', fake.portal.all('deals')[0]?.id ?? '', 'hs_is_closed_won')).toBe('true')
  }))
