import { isMillraceError } from '@millrace/core'
import { anything, assert, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { validateConfig } from './validate-config.ts'

const nothing = (): void => {}
const source = { specificationVersion: 'v1', name: 'shop', read: nothing }
const destination = { specificationVersion: 'v1', name: 'crm', deliver: nothing }
const store = { specificationVersion: 'v1', acquire: nothing }
const good = { sources: { 'shop-eu': source }, connections: { crm: { destination } }, store }

const problemOf = (value: unknown): string => {
  try {
    validateConfig(value, '/app/millrace.config.ts')
  } catch (error) {
    if (isMillraceError(error) && error.code === 'config_invalid') return error.message
    throw error
  }
  return 'valid'
}

describe('validateConfig', () => {
  it.each([
    ['named sources and connections', good],
    ['the shorthand', { source, destinations: [destination], store }],
    ['an actor', { ...good, actor: 'deploy' }],
    ['a retry policy', { ...good, connections: { crm: { destination, retry: () => undefined } } }],
    ['a contract', { ...good, connections: { crm: { destination, contract: { prefix: 'shop' } } } }],
    ['logger and clock', { ...good, logger: {}, clock: {} }],
    ['retention and telemetry', { ...good, retention: { journalDays: 30, exchangeDays: 7 }, telemetry: {} }],
  ])('accepts %s', (_, config) => expect(problemOf(config)).toBe('valid'))

  it.each([
    ['a function as default export', nothing, '`default export` must be defineConfig'],
    ['no store', { ...good, store: undefined }, "`store` is missing; write sqlite({ path: 'millrace.db' })"],
    ['a store that is a path', { ...good, store: 'millrace.db' }, '`store` must be a store such as'],
    ['a factory that was not called', { ...good, sources: { 'shop-eu': nothing } }, '`sources.shop-eu` is a function; call it'],
    ['a misspelt setting', { ...good, conections: {} }, '`conections` is not a setting; known are sources'],
    ['no source', { ...good, sources: undefined }, '`source` is missing'],
    ['empty sources', { ...good, sources: {} }, '`sources` is empty'],
    ['sources as a list', { ...good, sources: [source] }, '`sources` must be an object with a name for each, but is a list'],
    ['both forms of sources', { ...good, source }, '`source` cannot stand beside `sources`'],
    ['both forms of connections', { ...good, destinations: [destination] }, '`destinations` cannot stand beside `connections`'],
    ['an actor without a name', { ...good, actor: '' }, '`actor` must be a name, but is empty'],
    ['a retention of nothing', { ...good, retention: { journalDays: 0 } }, '`retention.journalDays` must be a number of days'],
    ['a misspelt retention', { ...good, retention: { days: 3 } }, '`retention.days` is not a setting'],
    ['no connections', { ...good, connections: undefined }, '`connections` is missing'],
    ['an empty list of destinations', { source, store, destinations: [] }, '`destinations` is empty'],
    [
      'a destination where a connection belongs',
      { ...good, connections: { crm: destination } },
      '`connections.crm` is a destination itself',
    ],
    [
      'a retry policy that is no function',
      { ...good, connections: { crm: { destination, retry: 3 } } },
      '`connections.crm.retry` must be a function that answers { delayMs } or undefined, but is a number',
    ],
    ['a connection without destination', { ...good, connections: { crm: {} } }, '`connections.crm.destination` is missing'],
    ['a source among the destinations', { source, store, destinations: [source] }, '`destinations[0]` is not a destination'],
    [
      'a contract that is text',
      { ...good, connections: { crm: { destination, contract: 'x' } } },
      '`connections.crm.contract` must be defineContract',
    ],
    [
      'an adapter of another release',
      { ...good, sources: { a: { ...source, specificationVersion: 'v2' } } },
      'has another specificationVersion than v1',
    ],
  ])('refuses %s', (_, config, expected) => expect(problemOf(config)).toContain(expected))

  it('reports all faults at once, with the path of the file', () => {
    const message = problemOf({ sources: { a: 1 }, connections: { b: 2 } })
    expect(message).toContain('/app/millrace.config.ts has 3 faults')
    expect(message).toContain('`sources.a`')
    expect(message).toContain('`connections.b`')
    expect(message).toContain('`store`')
  })

  it('answers any value with a Millrace error', () => {
    assert(
      property(anything({ withNullPrototype: true }), (value) => {
        expect(problemOf(value)).not.toBe('valid')
      }),
    )
  })
})
