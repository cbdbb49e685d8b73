import type { ReconcileOptions, ReconcileReport } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { runWith } from './testing/fake-environment.ts'
import { fakeMillrace } from './testing/fake-millrace.ts'

const sums = { orders: 1, amount: '10.00', gross: '10.00', net: null, refunds: '0.00' }
const report = (ok: boolean): ReconcileReport => ({
  from: '2026-03-01',
  to: '2026-03-01',
  basis: 'paid',
  thresholdPercent: 0.5,
  ok,
  connections: {
    hubspot: {
      status: ok ? 'agrees' : 'differs',
      object: 'deal',
      timeZone: 'Europe/Berlin',
      groups: [{ day: '2026-03-01', currency: 'EUR', store: 'a|b', customerGroup: null, source: sums, destination: sums }],
      utcGroups: [],
      findings: ok
        ? []
        : [
            {
              kind: 'differing',
              day: '2026-03-01',
              currency: 'EUR',
              key: 'shop:1',
              number: '=1+1',
              remoteIds: ['7'],
              amount: '-5.00',
              differences: [{ what: 'amount', field: 'amount', source: '10', destination: null }],
              state: 'settled',
            },
          ],
      beyond: ok ? [] : [{ day: '2026-03-01', currency: 'EUR', what: 'findings', deviationPercent: 100 }],
      inFlight: [{ currency: 'EUR', orders: 2, gross: '30.00' }],
      leftOut: { not_included: 1 },
      repaired: 0,
    },
    mailer: {
      status: 'not-comparable',
      object: null,
      timeZone: 'UTC',
      groups: [],
      utcGroups: [],
      findings: [],
      beyond: [],
      inFlight: [],
      leftOut: {},
      repaired: 0,
    },
  },
})

describe('reconcile', () => {
  it('exits with 0 within the threshold and with 4 beyond, and prints tables that no name can break', async () => {
    const good = await runWith(fakeMillrace({ reconcile: async () => report(true) }), ['reconcile'])
    expect(good.code).toBe(0)
    expect(good.stdout).toContain('## hubspot: agrees')
    expect(good.stdout).toContain('2 orders of 30.00 EUR on their way; 1 left out (not_included).')
    expect(good.stdout).toContain('| 2026-03-01 | EUR | a\\|b |')
    expect(good.stdout).toContain('## mailer\n\nCannot be compared')
    const bad = await runWith(fakeMillrace({ reconcile: async () => report(false) }), ['reconcile'])
    expect(bad.code).toBe(4)
    expect(bad.stdout).toContain('amount: 10 at the source, nothing at the destination')
  })

  it('prints CSV in which no cell is a formula', async () => {
    const { stdout } = await runWith(fakeMillrace({ reconcile: async () => report(false) }), ['reconcile', '--format', 'csv'])
    expect(stdout).toContain(`hubspot,finding,differing,2026-03-01,EUR,-5.00,'=1+1,shop:1,7,settled,`)
    expect(stdout.split('\r\n')[0]).toMatch(/^connection,row,day,currency,store,customer group,source orders/)
  })

  it('hands its options on, and --json prints the report', async () => {
    const asked: (ReconcileOptions | undefined)[] = []
    const millrace = fakeMillrace({
      reconcile: async (options) => {
        asked.push(options)
        return report(true)
      },
    })
    const { stdout } = await runWith(
      millrace,
      'reconcile --json --from 2026-03-01 --to 2026-03-02 --connection hubspot --basis placed --threshold 1.5 --time-zone Europe/Berlin --foreign ours --repair'.split(
        ' ',
      ),
    )
    expect(JSON.parse(stdout)).toEqual(report(true))
    expect(asked[0]).toMatchObject({
      from: '2026-03-01',
      to: '2026-03-02',
      connection: ['hubspot'],
      basis: 'placed',
      thresholdPercent: 1.5,
      timeZone: 'Europe/Berlin',
      foreign: 'ours',
      repair: true,
    })
    expect((await runWith(millrace, ['reconcile', '--threshold', 'little'])).code).toBe(1)
  })
})
