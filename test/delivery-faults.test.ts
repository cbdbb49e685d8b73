import { scaledClock } from '@millrace/adapter-kit/testing'
import { path, type FieldRule, type Millrace } from '@millrace/core'
import { hubSpotFaults, type FakeHubSpotOptions } from '@millrace/fake-vendors/hubspot'
import { seedShop } from '@millrace/fake-vendors/commercetools'
import { afterEach, describe, expect, it } from 'vitest'
import { runCommand } from './support/run-command.ts'
import { repeated } from './support/people.ts'
import { startWorld, type OpenOptions, type World } from './support/world.ts'

const worlds: World[] = []
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close()
})

/** A portal that is provisioned, and a shop of some customers. Time runs fast, so that waits are short. */
const prepared = async (
  customers: number,
  portalOptions: FakeHubSpotOptions = {},
  orders = 0,
): Promise<{ world: World; open: (options?: OpenOptions) => Millrace }> => {
  const world = await startWorld(portalOptions)
  worlds.push(world)
  seedShop(world.shop, { customers, orders, products: 5, businessUnits: 0, carts: 0, seed: 3 })
  const open = (options: OpenOptions = {}): Millrace =>
    world.open({ clock: scaledClock(10), ...options, source: { companies: false, ...options.source } })
  await open().apply()
  world.portal.resetRequests()
  return { world, open }
}
const isWrite = ({ method, path: where }: { method: string; path: string }): boolean =>
  // The last one asks which scopes the token has.
  method !== 'GET' && !where.includes('/batch/read') && !where.includes('/search') && !where.endsWith('/access-token-info')
const upserts = { method: 'POST', path: 'contacts/batch/upsert' } as const
const keysOf = ({ portal }: World): (string | undefined)[] =>
  portal.portal.all('contacts').map(({ properties }) => properties['shop_customer_key'])

describe('one bad record among 100', () => {
  it('costs exactly that record, and it arrives when it is mended', async () => {
    const { world, open } = await prepared(100)
    const [victim] = world.shop.project.all('customer')
    world.shop.project.update('customer', victim?.id ?? '', { email: 'typo@example.invalidtld' })
    world.advance(10_000)
    const millrace = open()
    const report = await millrace.backfill()
    expect(report.run.status).toBe('attention')
    expect(report.connections['hubspot']).toMatchObject({ deadLettered: 1 })
    expect(await millrace.deadLetters.list()).toMatchObject([
      { code: 'email_invalid', field: 'email', unit: `customer:shop:${victim?.id}` },
    ])
    expect(world.portal.portal.count('contacts')).toBe(99)
    world.shop.project.update('customer', victim?.id ?? '', { email: 'right@example.com' })
    world.advance(10_000)
    expect((await millrace.sync()).run.status).toBe('completed')
    expect(world.portal.portal.count('contacts')).toBe(100)
  })

  it.each([1, 3])(
    'where HubSpot refuses whole batches without a word about rows: %i bad ones cost themselves and no more requests than halving takes',
    async (bad) => {
      const { world, open } = await prepared(100)
      const customers = world.shop.project.all('customer')
      for (let index = 0; index < bad; index += 1)
        world.shop.project.update('customer', customers[index * 37]?.id ?? '', { lastName: 'Poison' })
      world.advance(10_000)
      const refusal = {
        status: 400,
        body: { status: 'error', category: 'VALIDATION_ERROR', message: 'Property values were not valid: []' },
      }
      world.portal.faults.schedule({
        ...upserts,
        where: ({ text }) => text.includes('Poison'),
        times: 1_000,
        fault: { kind: 'reply', reply: refusal },
      })
      const report = await open().backfill()
      expect(report.problems).toEqual([])
      expect(report.connections['hubspot']).toMatchObject({ deadLettered: bad })
      expect(world.portal.portal.count('contacts')).toBe(100 - bad)
      expect(world.portal.count(upserts) - 1).toBeLessThanOrEqual(bad * (2 * Math.log2(100) + 2))
    },
  )
})

describe('an answer that says less than happened, or more', () => {
  it.each([
    ['nothing was done and 200 came back empty', hubSpotFaults.silentNoOp()],
    ['everything was done and 200 came back empty', hubSpotFaults.emptyResults()],
    ['three rows are missing in the answer', hubSpotFaults.missingRows(3)],
    ['the connection broke after the write', hubSpotFaults.resetAfterCommit()],
    ['the connection broke before the write', hubSpotFaults.resetBeforeCommit()],
    ['the write is applied after it was repeated', hubSpotFaults.appliedLate({ afterRequests: 1 }, 'reset')],
  ])('%s: nobody counts as delivered before HubSpot says so, and everybody is there once', async (_what, fault) => {
    const { world, open } = await prepared(50)
    world.portal.faults.schedule({ ...upserts, fault, times: 2 })
    const millrace = open()
    let premature = 0
    millrace.on('delivery.settled', ({ object }) => {
      if (object === 'contact' && world.portal.portal.count('contacts') === 0) premature += 1
    })
    const report = await millrace.backfill()
    world.portal.faults.applyLate()
    expect(report.run.status).toBe('completed')
    expect(premature).toBe(0)
    expect(world.portal.portal.count('contacts')).toBe(50)
    expect(repeated(keysOf(world))).toEqual([])
  })
})

describe('429', () => {
  it.each([
    ['with Retry-After', 2, 2_000],
    ['without Retry-After', undefined, 10_000],
  ])('%s is waited for, and nothing is lost', async (_what, retryAfter, waitMs) => {
    const { world, open } = await prepared(50)
    const clock = scaledClock(10)
    const at: number[] = []
    world.portal.faults.schedule({
      ...upserts,
      fault: hubSpotFaults.rateLimited('TEN_SECONDLY_ROLLING', retryAfter),
      where: () => at.push(clock.now()) === 1,
    })
    const report = await open({ clock }).backfill()
    expect(report.run.status).toBe('completed')
    expect(report.connections['hubspot']).toMatchObject({ rateLimited: 1, deadLettered: 0 })
    expect(world.portal.portal.count('contacts')).toBe(50)
    const [refused, repeatedAt] = world.portal.requests.filter(({ path: where }) => where.includes('contacts/batch/upsert'))
    expect(((repeatedAt?.at ?? 0) - (refused?.at ?? 0)) * 10).toBeGreaterThanOrEqual(waitMs * 0.9)
  })
})

describe('an outage of HubSpot in the middle of a pass', () => {
  it('costs no record an attempt, and everything drains afterwards', async () => {
    const { world, open } = await prepared(60, {}, 30)
    const millrace = open()
    let settled = 0
    millrace.on('delivery.settled', () => {
      settled += 1
      if (settled === 3) world.portal.setDown(hubSpotFaults.migrating(1))
    })
    const during = await millrace.backfill({ drainMs: 5_000 })
    expect(during.run.status).not.toBe('completed')
    expect(await millrace.deadLetters.list()).toEqual([])
    for (const { id } of world.shop.project.all('customer')) {
      const { deliveries } = await millrace.trace({ entity: 'customer', id })
      expect(deliveries.map(({ attempts }) => attempts)).toEqual(deliveries.map(() => 0))
    }
    world.portal.setDown(undefined)
    expect((await millrace.sync()).run.status).toBe('completed')
    expect(world.portal.portal.count('deals')).toBe(30)
    expect(repeated(keysOf(world))).toEqual([])
  })
})

describe('what needs a person stops before the first write, with setting and cure', () => {
  it.each([
    ['a revoked token', (world: World) => world.portal.credentials.expire(), /accessToken/],
    [
      'a missing scope',
      (world: World) => world.portal.credentials.revoke('crm.objects.contacts.write'),
      /accessToken.*(?:contacts|scope)/s,
    ],
    ['a property that somebody removed', undefined, /millrace apply/],
  ])('%s', async (_what, breakIt, named) => {
    const world = await startWorld()
    worlds.push(world)
    seedShop(world.shop, { customers: 5, orders: 0, products: 1, businessUnits: 0, carts: 0, seed: 3 })
    const millrace = world.open({ clock: scaledClock(10) })
    if (breakIt !== undefined) {
      await millrace.apply()
      breakIt(world)
    }
    world.portal.resetRequests()
    const report = await millrace.backfill()
    expect(report.run.status).toBe('failed')
    expect(report.problems.map(({ message }) => message).join('\n')).toMatch(named)
    expect(world.portal.portal.count('contacts')).toBe(0)
    expect(world.portal.requests.filter((request) => isWrite(request) && request.status < 300)).toEqual([])
  })

  it('a source whose credentials were revoked, and a source that cannot be reached', async () => {
    const { world, open } = await prepared(5)
    const refused = await open({ source: { clientSecret: 'wrong' } }).backfill()
    expect(refused.problems).toMatchObject([
      { code: 'source_credentials_refused', source: 'shop', message: expect.stringMatching(/clientSecret/) },
    ])
    const away = await open({ source: { apiUrl: 'http://127.0.0.1:9' } }).backfill()
    expect(away.problems).toMatchObject([{ code: 'source_unreachable', source: 'shop', message: expect.stringMatching(/apiUrl/) }])
    expect(world.portal.portal.count('contacts')).toBe(0)
  })

  it('a field that does not exist and a value of the wrong type, when the config loads', async () => {
    const { open } = await prepared(1)
    const contract = (fields: Record<string, FieldRule>): OpenOptions => ({ contract: { objects: { contact: { fields } } } })
    expect(() => open(contract({ firstname: { value: path('firstNmae') } }))).toThrow(/contact\.fields\.firstname.*firstNmae.*firstName/s)
    expect(() => open(contract({ lastmodifieddate: { value: path('firstName') } }))).toThrow(/contact\.fields\.lastmodifieddate/)
    expect(() => open(contract({ '{prefix}_visits': { value: path('firstName'), type: 'integer' } }))).toThrow(
      /contact\.fields\.\{prefix\}_visits.*integer/,
    )
  })

  it('the command exits with 1 and says the same', async () => {
    const { world } = await prepared(5)
    world.portal.credentials.expire()
    const { code, stdout, stderr } = await runCommand(world, ['backfill', '--yes'])
    expect(code).toBe(1)
    expect(`${stdout}${stderr}`).toMatch(/accessToken/)
    expect(world.portal.requests.filter((request) => isWrite(request) && request.status < 300)).toEqual([])
  })
})

describe('a revoked scope that makes customers read as empty', () => {
  it('removes nothing and is reported', async () => {
    const { world, open } = await prepared(40)
    const millrace = open()
    await millrace.backfill()
    const before = world.portal.portal.all('contacts').map(({ properties }) => ({ ...properties }))
    world.shop.revokeScope('view_customers', 'empty')
    world.portal.resetRequests()
    for (const pass of [() => millrace.backfill(), () => millrace.sync({ removals: true })]) {
      const report = await pass()
      expect(report.problems).toMatchObject([{ code: 'source_empty', source: 'shop', message: expect.stringMatching(/customer.*scopes/) }])
      expect(report.run.status).toBe('attention')
    }
    expect(world.portal.requests.filter(isWrite)).toEqual([])
    expect(world.portal.portal.all('contacts').map(({ properties }) => ({ ...properties }))).toEqual(before)
    expect((await millrace.check()).sources['shop']).toContainEqual(
      expect.objectContaining({ level: 'error', code: 'source_scope_missing', cure: expect.stringContaining('view_customers') }),
    )
  })
})
