import { describe, expect, it } from 'vitest'
import { isMillraceError } from '../error.ts'
import { recordingDestination } from '../testing/index.ts'
import type { ContractOverride, FieldRule } from './contract.ts'
import { holds, path } from './expression.ts'
import { exists, is, not } from './predicate.ts'
import { resolveContract } from './resolve.ts'

const problemsOf = (override: ContractOverride): string => {
  try {
    resolveContract(recordingDestination(), override, 'connections.crm.contract')
    return ''
  } catch (error) {
    return isMillraceError(error) ? error.message : String(error)
  }
}

const contact = (rule: FieldRule): ContractOverride => ({ objects: { contact: { fields: { extra: rule } } } })
const deal = (rule: FieldRule): ContractOverride => ({ objects: { deal: { fields: { extra: rule } } } })

describe('signals in a contract', () => {
  it.each([
    ['signals.suppressMarketingUntil', 'datetime', 'signals.suppression.recentPurchase'],
    ['signals.suppression.returnInProgress', 'boolean', 'signals.suppression.returnInProgress'],
    ['signals.suppression.fraudHold', 'boolean', 'signals.suppression.fraudHold'],
    ['signals.suppression.openIssue', 'boolean', 'signals.suppression.openIssue'],
    ['signals.replenishmentDueAt', 'datetime', 'signals.replenishmentDays'],
    ['signals.converted.total.amount', 'decimal', 'signals.conversion'],
    ['firstTouch.source', 'string', 'signals.acquisition.source'],
  ] as const)('%s without its evidence is an error and not false', (at, type, setting) => {
    expect(problemsOf(contact({ value: path(at), type }))).toContain(
      `connections.crm.contract.objects.contact.fields.extra: "${at}" exists only with its evidence; define ${setting}`,
    )
  })

  it.each([
    ['converted.gross.amount', 'decimal', 'signals.conversion'],
    ['touch.campaign', 'string', 'signals.acquisition.campaign'],
  ] as const)('%s of an order neither', (at, type, setting) => {
    expect(problemsOf(deal({ value: path(at), type }))).toContain(`define ${setting} in the contract`)
  })

  it.each<[string, ContractOverride]>([
    ['memberships.0.value', { memberships: [{ kind: 'tag', name: 'hold', value: holds(is('signals.suppression.fraudHold', true)) }] }],
    ['memberships.0.value', { memberships: [{ kind: 'list', dimension: 'source', value: path('firstTouch.source') }] }],
    ['include.person', { include: { person: not(exists('signals.suppressMarketingUntil')) } }],
    ['include.order', { include: { order: is('touch.source', 'shop') } }],
  ])('in %s is an error too', (at, override) => {
    expect(problemsOf(override)).toMatch(
      new RegExp(`connections\\.crm\\.contract\\.${at.replaceAll('.', '\\.')}: .*exists only with its evidence`),
    )
  })

  it('may be asked where it is defined', () => {
    const memberships: ContractOverride['memberships'] = [{ kind: 'list', dimension: 'source', value: path('firstTouch.source') }]
    expect(problemsOf({ memberships, signals: { acquisition: { source: 'custom.utm_source' } } })).toBe('')
  })

  it('a flag inside of another expression is found too', () => {
    const value: FieldRule['value'] = { op: 'coalesce', of: [{ op: 'template', template: '{signals.suppression.fraudHold}' }, path('id')] }
    expect(problemsOf(contact({ value, type: 'string' }))).toContain('define signals.suppression.fraudHold')
  })

  it('with its evidence it is fine', () => {
    expect(
      problemsOf({
        signals: { suppression: { fraudHold: [{ of: 'order', path: 'custom.fraud' }] }, acquisition: { source: 'custom.utm_source' } },
        objects: {
          contact: {
            fields: {
              hold: { value: path('signals.suppression.fraudHold'), type: 'boolean' },
              source: { value: path('firstTouch.source'), type: 'string', owner: 'once' },
            },
          },
        },
      }),
    ).toBe('')
  })

  it.each<[string, ContractOverride, string]>([
    [
      'evidence that leads nowhere',
      { signals: { suppression: { openIssue: [{ of: 'account', path: 'tickets' }] } } },
      'an account has nothing at "tickets"',
    ],
    [
      'a value that never occurs',
      { signals: { suppression: { returnInProgress: [{ of: 'order', path: 'returns.shipmentState', is: ['advice'] }] } } },
      'lists "advice", which never occurs; did you mean "advised"',
    ],
    ['a flag with an empty list', { signals: { suppression: { fraudHold: [] } } }, 'names no evidence'],
    ['a touch that only orders have', { signals: { acquisition: { source: 'channel' } } }, 'an account has nothing at "channel"'],
    ['churn outside of its range', { signals: { churnAfterDays: 30 } }, 'must be from 90 to 180'],
    ['bands that do not ascend', { signals: { recencyDays: [30, 20, 40, 50] } }, 'must be ascending'],
    [
      'rates without a source',
      { signals: { conversion: { currency: 'EUR', source: '', rates: {} } } },
      'must name who publishes the rates',
    ],
    [
      'a day that does not exist',
      { signals: { conversion: { currency: 'EUR', source: 'ECB', rates: { USD: { '2026-02-30': '0.9' } } } } },
      '2026-02-30',
    ],
  ])('%s is refused', (_name, override, message) => {
    expect(problemsOf(override)).toContain(message)
  })
})
