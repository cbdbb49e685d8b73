import { scaledClock } from '@millrace/adapter-kit/testing'
import type { EngineEvents, Logger } from '@millrace/core'
import { seedShop } from '@millrace/fake-vendors/commercetools'
import { hubSpotFaults } from '@millrace/fake-vendors/hubspot'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from 'vitest'
import { runCommand } from './support/run-command.ts'
import { startWorld, type World } from './support/world.ts'

const worlds: World[] = []
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close()
})

/** In every personal field, in all cases and encodings; the digits stand for phone numbers. */
const canary = /canar|5550199/i
const address = (n: number) => ({
  id: `address${n}`,
  firstName: 'Canarina',
  lastName: `O'Canary-${n}`,
  streetName: 'Canary Wharf',
  streetNumber: '5550199',
  additionalAddressInfo: 'ring twice at Canaris',
  postalCode: '5550199',
  city: 'Canary City',
  region: 'Canary Islands',
  country: 'DE',
  company: 'Canary GmbH',
  phone: '+49 30 5550199',
  mobile: '+49 170 5550199',
  email: `delivery-canary-${n}@example.com`,
})

/** A shop in which everything that is of a person is a canary, and some of it is refused by the portal. */
const shopOfCanaries = async (): Promise<World> => {
  const world = await startWorld()
  worlds.push(world)
  const { project } = world.shop
  seedShop(world.shop, { customers: 40, orders: 30, products: 5, businessUnits: 3, carts: 0, seed: 5 })
  for (const [index, { id }] of project.all('customer').entries()) {
    project.update('customer', id, {
      email: index % 7 === 3 ? `canary-${index}@example.invalidtld` : `canary-${index}@example.com`,
      firstName: 'Canaria',
      lastName: index % 9 === 4 ? 'Canary '.repeat(12_000) : 'Von Canary',
      middleName: 'Canarius',
      title: 'Dr. Canary',
      companyName: 'Canary AG',
      vatId: 'CANARY5550199',
      dateOfBirth: '1970-01-01',
      addresses: [address(index)],
    })
  }
  for (const [index, { id }] of project.all('order').entries()) {
    project.update('order', id, {
      customerEmail: `canary-order-${index}@example.com`,
      billingAddress: address(index),
      shippingAddress: address(index),
    })
  }
  world.advance(10_000)
  return world
}

/** Every table of the store that tells what happened. Bodies, records that could not be read, and links are what is carried, not what is told of it. */
const told = (path: string): string => {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    const names = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all()
    const carried = new Set(['record_body', 'rejected', 'delivery_remote', 'notice', 'event', 'event_body'])
    const tables = names.map(({ name }) => String(name)).filter((name) => !carried.has(name))
    expect(tables).toEqual(expect.arrayContaining(['journal', 'exchange', 'run', 'delivery', 'engine_state', 'audit_log', 'unit', 'name']))
    // The search would find them if they were there.
    expect(canary.test(JSON.stringify(database.prepare('SELECT body FROM record_body').all()))).toBe(true)
    return tables.map((name) => `${name}: ${JSON.stringify(database.prepare(`SELECT * FROM "${name}"`).all())}`).join('\n')
  } finally {
    database.close()
  }
}

const expectClean = (what: string, text: string): void => {
  const found = canary.exec(text)
  expect(found === null ? '' : `${what}: ...${text.slice(Math.max(0, found.index - 200), found.index + 40)}`).toBe('')
}

describe('personal data', () => {
  it('is in no log line, event, report, trace, dead letter, journal, exchange, metric or span, whatever the vendor echoes', async () => {
    const world = await shopOfCanaries()
    const lines: string[] = []
    const say = (...parts: unknown[]): void => void lines.push(JSON.stringify(parts))
    const logger: Logger = { debug: say, info: say, warn: say, error: say }
    const millrace = world.open({ clock: scaledClock(20), logger })
    const names = [
      'run.started',
      'run.finished',
      'progress',
      'delivery.dead',
      'delivery.settled',
      'delivery.retrying',
      'exchange',
      'connection.down',
      'connection.up',
      'alert.raised',
      'alert.resolved',
      'removals.held',
    ] as const satisfies readonly (keyof EngineEvents)[]
    for (const name of names) millrace.on(name, (data) => say(name, data))
    await millrace.apply()
    for (const fault of [
      hubSpotFaults.serverError(),
      hubSpotFaults.badGateway(),
      hubSpotFaults.resetAfterCommit(),
      hubSpotFaults.missingRows(3),
    ]) {
      world.portal.faults.schedule({ fault, path: 'batch/upsert', times: 1 })
    }
    const report = await millrace.backfill()
    expect(report.connections['hubspot']?.deadLettered).toBeGreaterThan(3)
    expectClean('report', JSON.stringify(report))
    expectClean('status', JSON.stringify(await millrace.status({ last: 1000 })))
    expectClean('dead letters', JSON.stringify([await millrace.deadLetters.list(), await millrace.deadLetters.preview({})]))
    for (const { id } of world.shop.project.all('customer'))
      expectClean('trace', JSON.stringify(await millrace.trace({ entity: 'customer', id })))
    for (const { id } of world.shop.project.all('order'))
      expectClean('trace', JSON.stringify(await millrace.trace({ entity: 'order', id })))
    expectClean('trace by e-mail', JSON.stringify(await millrace.trace({ email: 'canary-1@example.com' })))
    expectClean('check', JSON.stringify(await millrace.check()))
    await millrace.close()
    expectClean('log and events', lines.join('\n'))
    expectClean('store', told(world.path))
    expect(lines.length).toBeGreaterThan(100)
  })

  it('is in nothing that the command line prints or logs', async () => {
    const world = await shopOfCanaries()
    const apply = await runCommand(world, ['apply'])
    expect(apply.code).toBe(0)
    for (const args of [
      ['backfill', '--yes', '--log-level', 'debug'],
      ['sync', '--json', '--log-level', 'debug'],
      ['status', '--latency'],
      ['dead-letters', 'list'],
      ['dead-letters', 'replay', '--all', '--dry-run', '--json'],
      ['trace', 'customer', world.shop.project.all('customer')[3]?.id ?? ''],
      ['trace', '--email', 'canary-3@example.invalidtld', '--json'],
    ]) {
      const { stdout, stderr } = await runCommand(world, args)
      expectClean(args.join(' ').replace(/--email \S+/, '--email'), stdout + stderr)
    }
  })
})
