import type { AuditLogEntry, Millrace } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { runWith } from './testing/fake-environment.ts'
import { fakeMillrace } from './testing/fake-millrace.ts'

describe('prune', () => {
  it('says how much went, and whether it was stopped', async () => {
    const all = await runWith(fakeMillrace({ prune: async () => ({ removed: 12_000, finished: true }) }), ['prune'])
    expect(all).toMatchObject({ code: 0, stdout: '12,000 old entries removed.\n' })
    const some = await runWith(fakeMillrace({ prune: async () => ({ removed: 500, finished: false }) }), ['prune'])
    expect(some.stdout).toBe('500 old entries removed. It was stopped; more is left.\n')
  })
})

describe('pause and resume', () => {
  it('stops a connection for a reason and says how it goes on', async () => {
    const asked: unknown[] = []
    const pause: Millrace['pause'] = async (connection, options) => {
      asked.push([connection, options])
      return { connection, since: '2026-03-01T11:00:00.000Z', actor: 'ann', reason: options?.reason ?? null }
    }
    const { code, stdout } = await runWith(fakeMillrace({ pause }), ['pause', 'hubspot', '--reason', 'they move'])
    expect(code).toBe(0)
    expect(stdout).toContain('hubspot is paused since 2026-03-01T11:00:00.000Z by ann (they move).')
    expect(stdout).toContain('millrace resume hubspot')
    const json = await runWith(fakeMillrace({ pause }), ['pause', 'hubspot', '--json'])
    expect(JSON.parse(json.stdout)).toEqual({ connection: 'hubspot', since: '2026-03-01T11:00:00.000Z', actor: 'ann', reason: null })
    expect(asked).toEqual([
      ['hubspot', { reason: 'they move' }],
      ['hubspot', {}],
    ])
  })

  it.each([
    [true, 'hubspot goes on'],
    [false, 'hubspot was not paused'],
  ])('resuming says whether it was paused: %s', async (resumed, text) => {
    const millrace = fakeMillrace({ resume: async () => resumed })
    expect((await runWith(millrace, ['resume', 'hubspot'])).stdout).toContain(text)
    expect(JSON.parse((await runWith(millrace, ['resume', 'hubspot', '--json'])).stdout)).toEqual({ resumed })
  })

  it('need a name', async () => {
    expect((await runWith(fakeMillrace(), ['pause'])).code).toBe(1)
    expect((await runWith(fakeMillrace(), ['resume'])).code).toBe(1)
  })
})

describe('audit-log', () => {
  const entry: AuditLogEntry = {
    at: '2026-03-01T12:00:00.000Z',
    actor: 'ann\u001b[31m',
    action: 'replay',
    connection: null,
    count: 1200,
    detail: { code: 'invalid_option' },
  }

  it('shows who did what', async () => {
    const asked: unknown[] = []
    const auditLog: Millrace['auditLog'] = async (limit) => {
      asked.push(limit)
      return [entry]
    }
    const { code, stdout, opened } = await runWith(fakeMillrace({ auditLog }), ['audit-log'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/2026-03-01T12:00:00.000Z +ann·\[31m +replay +1,200 +code=invalid_option/)
    expect(opened).toMatchObject([{ actor: 'ann' }])
    const json = await runWith(fakeMillrace({ auditLog }), ['audit-log', '--limit', '5', '--json'])
    expect(JSON.parse(json.stdout)).toEqual([entry])
    expect(asked).toEqual([undefined, 5])
  })

  it('says when nothing was done', async () => {
    expect((await runWith(fakeMillrace({ auditLog: async () => [] }), ['audit-log'])).stdout).toBe('Nothing was done by anybody yet.\n')
  })
})

describe('accept-removals', () => {
  it('needs name and number', async () => {
    let asked: unknown
    const acceptRemovals: Millrace['acceptRemovals'] = async (...args) => {
      asked = args
      return 12
    }
    const { stdout } = await runWith(fakeMillrace({ acceptRemovals }), ['accept-removals', 'hubspot', '12'])
    expect(asked).toEqual(['hubspot', 12])
    expect(stdout).toContain('12 held removals of hubspot released')
    expect((await runWith(fakeMillrace(), ['accept-removals', 'hubspot'])).code).toBe(1)
  })
})
