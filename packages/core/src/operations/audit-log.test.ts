import { expect, it } from 'vitest'
import { createMillrace } from '../create-millrace.ts'
import { MillraceError } from '../error.ts'
import { customerSchema } from '../model/customer.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../testing/index.ts'

const at = '2026-05-01T00:00:00.000Z'

const world = (actor?: string) => {
  const shop = scriptedSource()
  const crm = recordingDestination()
  for (let i = 0; i < 40; i++) {
    shop.put(
      customerSchema.parse({
        entity: 'customer',
        id: `c${i}`,
        createdAt: at,
        modifiedAt: at,
        email: `canary${i}@example.com`,
        lastName: 'Canary',
      }),
    )
  }
  const millrace = createMillrace({
    sources: { shop },
    connections: { crm: { destination: crm } },
    store: memoryStore(),
    ...(actor === undefined ? {} : { actor }),
  })
  return { shop, crm, millrace }
}

const refuseOne = (crm: ReturnType<typeof recordingDestination>) => {
  crm.intercept = (input) =>
    input.key === 'shop:c1'
      ? {
          unit: input.unit,
          result: 'failed',
          error: new MillraceError({ code: 'value_rejected', message: 'canary1@example.com is refused.' }),
        }
      : undefined
}

it('tells who applied, replayed, discarded, paused, resumed, accepted removals and changed the contract, without a word about people', async () => {
  const { shop, crm, millrace } = world('ann')
  crm.plan = async () => [{ action: 'create', target: 'property contact.name', differences: [], destructive: false }]
  crm.apply = async () => {}
  await millrace.apply({ connection: 'crm' })
  refuseOne(crm)
  await millrace.backfill()
  await millrace.deadLetters.replay({ connection: 'crm', code: 'value_rejected' })
  await millrace.sync()
  const [letter] = await millrace.deadLetters.list()
  await millrace.deadLetters.discard({ id: letter?.id ?? 0 })
  await millrace.pause('crm', { reason: 'canary2@example.com asked' })
  await millrace.resume('crm')
  for (let i = 2; i < 17; i++) shop.remove('customer', `c${i}`)
  const report = await millrace.sync({ removals: true })
  const held = report.connections['crm']?.held ?? 0
  expect(report).toMatchObject({ connections: { crm: { held: 15 } } })
  await expect(millrace.acceptRemovals('crm', held + 1)).rejects.toMatchObject({ code: 'removals_changed' })
  await millrace.acceptRemovals('crm', held)

  const log = await millrace.auditLog()
  expect(log.map(({ action, connection, count }) => [action, connection, count]).toReversed()).toEqual([
    ['apply', 'crm', null],
    ['contract-change', 'crm', null],
    ['replay', 'crm', 1],
    ['discard', null, 1],
    ['pause', 'crm', null],
    ['resume', 'crm', null],
    ['accept-removals', 'crm', held],
  ])
  expect(log.map(({ detail }) => detail).toReversed()).toEqual([
    { changes: 1, allowDestructive: false, targets: 'property contact.name' },
    { to: expect.any(String) },
    { code: 'value_rejected' },
    { id: letter?.id },
    {},
    {},
    {},
  ])
  expect(new Set(log.map(({ actor }) => actor))).toEqual(new Set(['ann']))
  expect(log.every((entry) => entry.at === new Date(entry.at).toISOString())).toBe(true)
  expect(JSON.stringify(log).toLowerCase()).not.toContain('canary')
  expect(await millrace.auditLog(2)).toEqual(log.slice(0, 2))
})

it('knows of what failed halfway, and of nothing that was not done', async () => {
  const { crm, millrace } = world()
  expect(await millrace.auditLog()).toEqual([])
  crm.plan = async () => []
  await millrace.apply()
  await millrace.plan()
  expect(await millrace.auditLog()).toEqual([])
  crm.plan = async () => [{ action: 'create', target: 'group shop', differences: [], destructive: false }]
  crm.apply = async () => {
    throw new MillraceError({ code: 'provisioning_refused', message: 'No.' })
  }
  await expect(millrace.apply()).rejects.toMatchObject({ code: 'provisioning_refused' })
  expect(await millrace.auditLog()).toMatchObject([{ action: 'apply', actor: 'unknown', detail: { targets: 'group shop' } }])
})
