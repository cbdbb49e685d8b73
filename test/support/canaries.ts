import type { EngineEvents, Logger, Millrace, MillraceConfig } from '@millrace/core'
import { seedShop, type FakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { DatabaseSync } from 'node:sqlite'
import { expect } from 'vitest'

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

/** Fills a shop in which everything that is of a person is a canary, and some of it is refused by destinations. */
export const fillWithCanaries = (shop: FakeCommercetools): void => {
  const { project } = shop
  seedShop(shop, { customers: 40, orders: 30, products: 5, businessUnits: 3, carts: 0, seed: 5 })
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

/** Fails, and shows where, when a text holds a canary. */
export const expectClean = (what: string, text: string): void => {
  const found = canary.exec(text)
  expect(found === null ? '' : `${what}: ...${text.slice(Math.max(0, found.index - 200), found.index + 40)}`).toBe('')
}

/** Notes every log line, event, metric and span. */
export const listener = () => {
  const lines: string[] = []
  const say = (...parts: unknown[]): void => void lines.push(JSON.stringify(parts))
  const logger: Logger = { debug: say, info: say, warn: say, error: say }
  const instrument = (name: string) => ({
    add: (...parts: unknown[]) => say(name, parts),
    record: (...parts: unknown[]) => say(name, parts),
  })
  // What the engine calls of them is all that is there.
  const telemetry = {
    meter: { createCounter: instrument, createUpDownCounter: instrument, createHistogram: instrument },
    tracer: {
      startActiveSpan: (name: string, options: object, run: (span: object) => unknown) => {
        say('span', name, options)
        return run({ end: () => {}, setStatus: (status: object) => say('span status', status) })
      },
    },
  } as unknown as NonNullable<MillraceConfig['telemetry']>
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
  return {
    lines,
    settings: { logger, telemetry },
    listen: (millrace: Millrace): void => {
      for (const name of names) millrace.on(name, (data) => say(name, data))
    },
  }
}

/** Asks for everything that can be asked about a shop of canaries, closes, and looks through the answers and the store at `path`. */
export const expectNothingTold = async (millrace: Millrace, shop: FakeCommercetools, path: string): Promise<void> => {
  expectClean('status', JSON.stringify(await millrace.status({ last: 1000 })))
  expectClean('dead letters', JSON.stringify([await millrace.deadLetters.list(), await millrace.deadLetters.preview({})]))
  for (const entity of ['customer', 'order'] as const)
    for (const { id } of shop.project.all(entity)) expectClean('trace', JSON.stringify(await millrace.trace({ entity, id })))
  expectClean('trace by e-mail', JSON.stringify(await millrace.trace({ email: 'canary-1@example.com' })))
  expectClean('check', JSON.stringify(await millrace.check()))
  await millrace.close()
  expectClean('store', told(path))
}
