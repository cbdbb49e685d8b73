import type { CheckReport, Millrace, PlanReport, StatusReport, TraceReport } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { runWith } from './testing/fake-environment.ts'
import { fakeMillrace } from './testing/fake-millrace.ts'

const ready: CheckReport = {
  ok: true,
  sources: { shop: [{ level: 'ok', code: 'reachable', message: 'Project my-project answers.' }] },
  connections: {},
}
const notReady: CheckReport = {
  ok: false,
  sources: ready.sources,
  connections: {
    hubspot: [
      {
        level: 'error',
        code: 'scopes_missing',
        message: 'Deals cannot be written.',
        setting: 'connections.hubspot.accessToken',
        cure: 'Add crm.objects.deals.write.',
      },
    ],
  },
}

describe('check', () => {
  it('exits with 0 when everything is ready', async () => {
    const { code, stdout } = await runWith(fakeMillrace({ check: async () => ready }), ['check'])
    expect(code).toBe(0)
    expect(stdout).toContain('ok      Project my-project answers.')
    expect(stdout).toContain('Ready.')
  })

  it('exits with 1 and names what, where and the cure', async () => {
    const { code, stdout } = await runWith(fakeMillrace({ check: async () => notReady }), ['check'])
    expect(code).toBe(1)
    expect(stdout).toContain('ERROR   Deals cannot be written. (scopes_missing)')
    expect(stdout).toContain('where: connections.hubspot.accessToken')
    expect(stdout).toContain('do: Add crm.objects.deals.write.')
    expect(stdout).toContain('Not ready: 1 to mend.')
  })

  it('says in which source or connection a setting stands', async () => {
    const finding = { level: 'error', code: 'x', message: 'Refused.', setting: 'clientSecret' } as const
    const { stdout } = await runWith(fakeMillrace({ check: async () => ({ ok: false, sources: { shop: [finding] }, connections: {} }) }), [
      'check',
    ])
    expect(stdout).toContain('where: sources.shop.clientSecret')
  })

  it('prints its report as JSON with the same exit code', async () => {
    const { code, stdout } = await runWith(fakeMillrace({ check: async () => notReady }), ['check', '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toEqual(notReady)
  })
})

const planned: PlanReport = {
  sources: {},
  connections: {
    hubspot: {
      changes: [
        {
          action: 'create',
          target: 'property contact.shop_customer_key',
          differences: [{ path: 'type', have: undefined, want: 'string' }],
          destructive: false,
        },
        {
          action: 'drift',
          target: 'pipeline deal/commerce',
          differences: [{ path: 'stages', have: ['placed'], want: ['placed', 'paid'] }],
          destructive: true,
        },
      ],
    },
  },
  total: 2,
}

describe('plan and apply', () => {
  it('plan exits with 0 when there is nothing to do', async () => {
    const { code, stdout } = await runWith(
      fakeMillrace({ plan: async () => ({ sources: {}, connections: { hubspot: { changes: [] } }, total: 0 }) }),
      ['plan'],
    )
    expect(code).toBe(0)
    expect(stdout).toContain('Nothing to provision')
  })

  it('plan exits with 2 and shows each difference', async () => {
    const { code, stdout } = await runWith(fakeMillrace({ plan: async () => planned }), ['plan'])
    expect(code).toBe(2)
    expect(stdout).toContain('+ create property contact.shop_customer_key\n      type "string"')
    expect(stdout).toContain(
      '! drift pipeline deal/commerce (destructive: needs --allow-destructive)\n      stages: ["placed"] -> ["placed","paid"]',
    )
  })

  it.each([
    [['apply'], {}],
    [['apply', '--connection', 'hubspot', '--allow-destructive'], { connection: 'hubspot', allowDestructive: true }],
  ])('%j is not destructive unless told', async (args, expected) => {
    let asked: object = {}
    const apply: Millrace['apply'] = async ({ signal: _signal, ...options } = {}) => {
      asked = options
      return planned
    }
    const { code, stdout } = await runWith(fakeMillrace({ apply }), [...args, '--json'])
    expect(code).toBe(0)
    expect(asked).toEqual(expected)
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(planned)))
  })
})

const quietDay = { delivered: 0, failed: 0, share: 0, allowed: 0.0025, met: true }

const status: StatusReport = {
  connections: {
    hubspot: {
      contract: { hash: '0123456789abcdef', since: '2026-03-01T12:00:00.000Z', actor: 'ann', next: null },
      mode: 'observe',
      takes: { objects: ['contact', 'deal'], events: ['order.placed'] },
      objects: { contact: { settled: 2000, dead: 1 } },
      problems: [{ code: 'invalid_email', count: 1 }],
      nextAt: '2026-03-01T13:00:00.000Z',
      paused: { connection: 'hubspot', since: '2026-03-01T11:00:00.000Z', actor: 'ann', reason: 'they\u001b[31m move' },
      breaker: {
        since: '2026-03-01T11:30:00.000Z',
        nextProbeAt: '2026-03-01T12:01:00.000Z',
        code: 'vendor_unavailable',
        message: 'HubSpot failed.',
        needsPerson: false,
      },
      today: { delivered: 980, failed: 20, share: 0.02, allowed: 0.0025, met: false },
      alerts: [{ kind: 'failure-spike', connection: 'hubspot', code: 'timeout', message: 'Many.', since: '2026-03-01T11:40:00.000Z' }],
    },
  },
  sources: {
    shop: {
      customer: { mode: 'delta', readUpTo: '2026-03-01T12:00:00.000Z', inProgress: false },
      order: { mode: 'full', readUpTo: null, inProgress: true },
    },
  },
  retention: { journalDays: 90, exchangeDays: 30, runDays: 90, eventDays: 1_000, visitorDays: 7 },
  rejected: 2,
  notifications: {},
  runs: [
    { id: 'run-1', kind: 'sync', startedAt: 1_772_366_400_000, finishedAt: 1_772_366_402_500, status: 'completed', summary: null },
    { id: 'run-2', kind: 'backfill', startedAt: 1_772_366_400_000, finishedAt: null, status: 'running', summary: null },
  ],
}

describe('status', () => {
  it('shows positions, deliveries, problems and runs', async () => {
    const { code, stdout } = await runWith(fakeMillrace({ status: async () => status }), ['status'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/shop +order +full +never +unfinished pass/)
    expect(stdout).toMatch(/hubspot +contact +2,000 settled, 1 dead/)
    expect(stdout).toMatch(/hubspot +invalid_email +1/)
    expect(stdout).toContain('contract 0123456789ab since')
    expect(stdout).toContain('hubspot is PAUSED since 2026-03-01T11:00:00.000Z by ann (they·[31m move). millrace resume hubspot')
    expect(stdout).toContain(
      'hubspot is STOPPED since 2026-03-01T11:30:00.000Z: vendor_unavailable. HubSpot failed. It is asked again at 2026-03-01T12:01',
    )
    expect(stdout).toContain("hubspot: 20 of today's deliveries failed, 2.00 % (allowed 0.25 %).")
    expect(stdout).toContain('hubspot: ALERT failure-spike timeout since 2026-03-01T11:40:00.000Z')
    expect(stdout).toContain('2 records of the sources could not be understood.')
    expect(stdout).toMatch(/run-1 +sync +completed +2026-03-01T12:00:00.000Z +2.5/)
  })

  it('shows how fast changes were when it is asked', async () => {
    const asked: unknown[] = []
    const measured = {
      count: 1000,
      targetMs: 300_000,
      inTime: 0.97,
      met: false,
      p50Ms: 1500,
      p95Ms: 200_000,
      p99Ms: 400_000,
      maxMs: 500_000,
    }
    const freshness = { goal: 0.98, connections: { hubspot: { trigger: measured } }, reconciliation: null }
    const answer: Millrace['status'] = async (options) => {
      asked.push(options)
      return { ...status, freshness }
    }
    const { stdout } = await runWith(fakeMillrace({ status: answer }), ['status', '--latency', '--last', '50'])
    await runWith(fakeMillrace({ status: answer }), ['status', '--latency'])
    await runWith(fakeMillrace({ status: answer }), ['status'])
    expect(asked).toEqual([{ last: 50 }, { last: 1000 }, {}])
    expect(stdout).toMatch(/hubspot +trigger +1,000 +5 min +97.0 % of 98.0 % +MISSED +1.5 s +200 s +400 s +500 s/)
    expect(stdout).toContain('Totals were never compared.')
  })

  it('tells for how long history is kept when it is asked', async () => {
    const { stdout } = await runWith(fakeMillrace({ status: async () => status }), ['status', '--retention'])
    expect(stdout).toMatch(/what events said, once they are told +1,000 days +retention.eventDays/)
    expect(stdout).toMatch(/what visitors did whom nobody knows +7 days +retention.visitorDays/)
    expect((await runWith(fakeMillrace({ status: async () => status }), ['status'])).stdout).not.toContain('retention')
  })

  it('says something sensible before anything ever ran', async () => {
    const empty: StatusReport = {
      connections: {
        hubspot: {
          contract: null,
          mode: 'live',
          takes: { objects: ['contact'], events: [] },
          objects: {},
          problems: [],
          nextAt: null,
          paused: null,
          breaker: null,
          today: quietDay,
          alerts: [],
        },
      },
      sources: {},
      retention: { journalDays: 90, exchangeDays: 30, runDays: 90, eventDays: 400, visitorDays: 7 },
      rejected: 0,
      notifications: {},
      runs: [],
    }
    expect((await runWith(fakeMillrace({ status: async () => empty }), ['status'])).stdout).toBe(
      'hubspot: no contract used yet\nhubspot takes contact and no events.\n',
    )
  })
})

const story: TraceReport = {
  ref: 'shop/customer/42',
  found: true,
  record: { revision: 2, version: { customer: 7 }, deletedAt: null },
  deliveries: [],
  journal: [
    {
      at: 1_772_366_400_000,
      run: 'run-1',
      connection: 'hubspot',
      object: 'contact',
      unit: 'customer:shop:42',
      revision: 2,
      event: 'settled',
      problem: null,
    },
  ],
  exchanges: [],
  story: ['2026-03-01T12:00:00.000Z hubspot: revision 2 of contact was updated at the vendor.'],
  summary: ['Read twice; the last change is at hubspot.'],
}

describe('trace', () => {
  it('tells the story of a record of a named source', async () => {
    let asked: unknown
    const trace: Millrace['trace'] = async (ref) => {
      asked = ref
      return story
    }
    const { code, stdout } = await runWith(fakeMillrace({ trace }), ['trace', 'customer', '42', '--source', 'shop'])
    expect(code).toBe(0)
    expect(asked).toEqual({ entity: 'customer', id: '42', source: 'shop' })
    expect(stdout).toContain('Read twice; the last change is at hubspot.')
    expect(stdout).toContain('2026-03-01T12:00:00.000Z')
  })

  it('tells the story of a person by e-mail, and asks for one or the other', async () => {
    const asked: unknown[] = []
    const trace: Millrace['trace'] = async (ref) => {
      asked.push(ref)
      return { ...story, ref: 'email/0123' }
    }
    const { code, stdout } = await runWith(fakeMillrace({ trace }), ['trace', '--email', 'ann@example.com', '--store', 'berlin'])
    expect(code).toBe(0)
    expect(asked).toEqual([{ email: 'ann@example.com', store: 'berlin' }])
    expect(stdout).not.toContain('ann@')
    expect((await runWith(fakeMillrace({ trace }), ['trace', 'customer'])).code).not.toBe(0)
  })

  it('exits with 1 when nothing is known', async () => {
    const unknown = { ...story, found: false, record: null, journal: [], story: [], summary: [] }
    const { code, stdout } = await runWith(fakeMillrace({ trace: async () => unknown }), ['trace', 'order', 'x'])
    expect(code).toBe(1)
    expect(stdout).toContain('Nothing is known of this record.')
  })

  it('refuses an unknown entity', async () => {
    expect((await runWith(fakeMillrace(), ['trace', 'person', '42'])).stderr).toContain('Known are category, product')
  })
})
