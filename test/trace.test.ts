import { scaledClock } from '@millrace/adapter-kit/testing'
import { seedShop } from '@millrace/fake-vendors/commercetools'
import { afterEach, describe, expect, it } from 'vitest'
import { startWorld, type World } from './support/world.ts'

const worlds: World[] = []
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close()
})

const delivered = async () => {
  const world = await startWorld()
  worlds.push(world)
  seedShop(world.shop, { customers: 30, orders: 20, products: 5, businessUnits: 0, carts: 0, seed: 3 })
  const millrace = world.open({ clock: scaledClock(10), source: { companies: false } })
  await millrace.apply()
  return { world, millrace }
}

describe('trace', () => {
  it('tells what was said to the vendor for one record: request, status, correlation id, and the outline of a failure', async () => {
    const { world, millrace } = await delivered()
    const [victim, other] = world.shop.project.all('customer')
    world.shop.project.update('customer', victim?.id ?? '', { email: 'typo@example.invalidtld' })
    world.advance(10_000)
    await millrace.backfill()
    const dead = await millrace.trace({ entity: 'customer', id: victim?.id ?? '' })
    expect(dead.exchanges.length).toBeGreaterThan(0)
    expect(dead.exchanges.every(({ run, connection }) => run !== null && connection === 'hubspot')).toBe(true)
    expect(dead.exchanges.some(({ object, answer }) => object === 'contact' && answer?.includes('VALIDATION_ERROR'))).toBe(true)
    expect(dead.story.join('\n')).toMatch(
      /POST \/crm.*contacts\/batch\/upsert answered 207 after \d+ ms: VALIDATION_ERROR, INVALID_EMAIL\./,
    )
    expect(dead.story.join('\n')).toMatch(/contact needs a decision \(email_invalid, email/)
    expect(JSON.stringify(dead)).not.toContain('typo@example')

    const well = await millrace.trace({ entity: 'customer', id: other?.id ?? '' })
    expect(well.exchanges.length).toBeGreaterThan(0)
    expect(well.story.join('\n')).toContain('was created at the vendor')
  })

  it('finds a person and the orders by e-mail, and names the address nowhere', async () => {
    const { world, millrace } = await delivered()
    await millrace.backfill()
    const order = world.shop.project.all('order').find(({ customerId }) => customerId !== undefined)
    const buyer = world.shop.project.all('customer').find(({ id }) => id === order?.customerId)
    const email = String(buyer?.email)
    const report = await millrace.trace({ email: ` ${email.toUpperCase()} ` })
    expect(report.found).toBe(true)
    expect(new Set(report.deliveries.map(({ object }) => object))).toEqual(new Set(['contact', 'deal']))
    expect(report.story.length).toBeGreaterThan(1)
    expect(JSON.stringify(report).toLowerCase()).not.toContain(email.toLowerCase())
    expect(await millrace.trace({ email: 'nobody@example.com' })).toMatchObject({ found: false, deliveries: [], journal: [] })
    await expect(millrace.trace({ email: 'no address' })).rejects.toMatchObject({ code: 'reference_invalid' })
  })
})
