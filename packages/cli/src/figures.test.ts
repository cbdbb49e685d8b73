import type { AuditOptions, AuditReport, KpiReport } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { runWith } from './testing/fake-environment.ts'
import { fakeMillrace } from './testing/fake-millrace.ts'

const audited = (ok: boolean): AuditReport => ({
  seed: 's',
  sample: 200,
  thresholdPercent: 0.25,
  ok,
  connections: {
    hubspot: {
      status: ok ? 'agrees' : 'differs',
      objects: { contact: { delivered: 1200, compared: 200, agree: ok ? 200 : 199 } },
      findings: ok ? [] : [{ kind: 'fields', object: 'contact', unit: 'customer:shop:1', remoteId: '7', details: ['firstname', 'phone'] }],
      unchecked: ['associations'],
    },
    mailer: { status: 'not-comparable', objects: {}, findings: [], unchecked: [] },
  },
})

describe('audit', () => {
  it('exits with 4 beyond the threshold, names what differs and says what could not be asked', async () => {
    const bad = await runWith(fakeMillrace({ audit: async () => audited(false) }), ['audit'])
    expect(bad.code).toBe(4)
    expect(bad.stdout).toMatch(/hubspot +contact +1,200 +200 +199/)
    expect(bad.stdout).toMatch(/hubspot +fields +contact +customer:shop:1 +7 +firstname, phone/)
    expect(bad.stdout).toContain('hubspot cannot be asked for associations.')
    expect(bad.stdout).toMatch(/mailer +cannot be read/)
    expect(bad.stdout).toContain('Beyond 0.25 %. Seed: s')
    expect((await runWith(fakeMillrace({ audit: async () => audited(true) }), ['audit'])).code).toBe(0)
  })

  it('hands its options on', async () => {
    const asked: (AuditOptions | undefined)[] = []
    const millrace = fakeMillrace({
      audit: async (options) => {
        asked.push(options)
        return audited(true)
      },
    })
    const { stdout } = await runWith(millrace, [
      'audit',
      '--json',
      '--sample',
      '20',
      '--seed',
      'x',
      '--threshold',
      '1',
      '--connection',
      'hubspot',
    ])
    expect(JSON.parse(stdout)).toEqual(audited(true))
    expect(asked[0]).toMatchObject({ sample: 20, seed: 'x', thresholdPercent: 1, connection: ['hubspot'] })
  })
})

describe('report kpi', () => {
  const figures: KpiReport = {
    from: '2026-01-01',
    to: '2026-03-31',
    timeZone: 'UTC',
    cartRecovery: [{ store: 'berlin', customerGroup: null, left: 10, recovered: 3, percent: 30 }],
    repeatPurchase: {
      '30': { count: 1, of: 4, percent: 25 },
      '60': { count: 0, of: 0, percent: null },
      '90': { count: 0, of: 0, percent: null },
    },
    timeToFirstPurchase: { people: 0, medianDays: null, averageDays: null },
    returnsByCategory: [{ category: null, count: 1, of: 3, percent: 33.3 }],
    dataQuality: { score: 91.5, parts: { 'accounts with a name': { count: 9, of: 10, percent: 90 } } },
  }

  it('prints the figures, and what is not known as unknown', async () => {
    const { code, stdout } = await runWith(fakeMillrace({ kpi: async () => figures }), ['report', 'kpi'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/berlin +10 +3 +30 %/)
    expect(stdout).toMatch(/30 days +1 +4 +25 %/)
    expect(stdout).toContain('First purchase after ? days (median of 0 people')
    expect(stdout).toMatch(/no category +1 +3 +33.3 %/)
    expect(stdout).toContain('data quality: 91.5')
    expect(JSON.parse((await runWith(fakeMillrace({ kpi: async () => figures }), ['report', 'kpi', '--json'])).stdout)).toEqual(figures)
  })
})
