import type { DeadNotice, Millrace } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { runWith } from './testing/fake-environment.ts'
import { fakeMillrace } from './testing/fake-millrace.ts'

const dead: DeadNotice = {
  source: 'shop',
  key: 'order:4711',
  code: 'notification_invalid',
  message: 'It is of another project.',
  attempts: 1,
  at: '2026-03-01T12:00:00.000Z',
}

const millrace = (parts: Partial<Millrace['notifications']>): Millrace =>
  fakeMillrace({ notifications: { ...fakeMillrace().notifications, ...parts } })

describe('notifications', () => {
  it('lists those that need a person', async () => {
    const { code, stdout } = await runWith(millrace({ dead: async () => [dead] }), ['notifications', 'list'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/shop +order:4711 +notification_invalid +1 +2026-03-01T12:00:00.000Z +It is of another project/)
  })

  it('says so when there is none', async () => {
    expect((await runWith(millrace({ dead: async () => [] }), ['notifications', 'list'])).stdout).toBe(
      'No notification needs a decision.\n',
    )
  })

  it.each(['replay', 'discard'] as const)('%ss what is named, and only when something is named', async (name) => {
    const asked: unknown[] = []
    const instance = millrace({
      [name]: async (which: unknown) => {
        asked.push(which)
        return 1
      },
    })
    const refused = await runWith(instance, ['notifications', name])
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('filter_missing')])
    expect((await runWith(instance, ['notifications', name, '--key', 'order:4711'])).stdout).toContain('1 notification ')
    expect((await runWith(instance, ['--json', 'notifications', name, '--all'])).stdout).toBe('{"count":1}\n')
    expect(asked).toEqual([{ key: 'order:4711' }, {}])
  })
})

describe('start', () => {
  it('refuses a port that is none', async () => {
    const { code, stderr } = await runWith(fakeMillrace(), ['start', '--port', '70000'])
    expect(code).toBe(1)
    expect(stderr).toContain('It must be a port')
  })

  it('tells where it listens and how often it reads, and ends by SIGTERM with what is in hand settled', async () => {
    let synced = 0
    const { code, stdout, stderr } = await runWith(fakeMillrace(), ['start', '--port', '0', '--admin-port', '0', '--host', '127.0.0.1'], {
      open: async (_, send) =>
        fakeMillrace({
          notifications: { ...fakeMillrace().notifications, isDue: async () => false, pull: async () => {} },
          sync: async () => {
            synced += 1
            send('SIGTERM')
            throw new Error('stopped')
          },
        }),
    })
    expect([code, synced > 0]).toEqual([0, true])
    expect(stderr).toMatch(/notifications: http:\/\/127\.0\.0\.1:\d+\/<anything>\/<endpoint>/)
    expect(stderr).toContain('health and metrics: http://127.0.0.1:')
    expect(stdout).toContain('everything in hand is settled')
  })
})
