import { MillraceError, type BackfillOptions, type EstimateReport, type RunStatus, type SyncOptions } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { runWith } from './testing/fake-environment.ts'
import { fakeMillrace, runReport } from './testing/fake-millrace.ts'

const estimateReport: EstimateReport = {
  sources: { shop: { customer: { records: 2000 }, product: { records: null } } },
  connections: { hubspot: { objects: { contact: { records: 2000, calls: 20 } }, calls: 20, minutes: 0.4, share: 0.00003 } },
  diskBytes: 1_234_567,
}

/** A Millrace whose passes end with `status` and note what they were asked. */
const passing = (status: RunStatus = 'completed') => {
  const asked: { sync?: SyncOptions; backfill?: BackfillOptions }[] = []
  const millrace = fakeMillrace({
    sync: async (sync = {}) => {
      asked.push({ sync })
      return runReport(status)
    },
    backfill: async (backfill = {}) => {
      asked.push({ backfill })
      return runReport(status)
    },
    estimate: async () => estimateReport,
  })
  return { millrace, asked }
}

const fail = () => Promise.reject(new MillraceError({ code: 'store_in_use', message: 'Another process delivers.' }))

const exits: [RunStatus, number][] = [
  ['completed', 0],
  ['attention', 3],
  ['incomplete', 1],
  ['failed', 1],
  ['stopped', 1],
]

describe.each(['sync', 'backfill'] as const)('%s', (command) => {
  it.each(exits)('that ends as %s exits with %i', async (status, code) => {
    const { millrace } = passing(status)
    expect((await runWith(millrace, [command])).code).toBe(code)
    expect(millrace.closed()).toBe(1)
  })

  it('prints with --json the returned object and nothing else to stdout', async () => {
    const { millrace } = passing('attention')
    const { stdout } = await runWith(millrace, [command, '--json'])
    expect(JSON.parse(stdout)).toEqual(runReport('attention'))
    expect(stdout.endsWith('}\n')).toBe(true)
  })

  it('passes on its filters', async () => {
    const { millrace, asked } = passing()
    await runWith(millrace, [command, '--entity', 'customer,order', '--entity', 'product', '--connection', 'a,b', '--limit', '5'])
    expect(asked[0]?.[command]).toMatchObject({ entity: ['customer', 'order', 'product'], connection: ['a', 'b'], limit: 5 })
    expect(asked[0]?.[command]?.signal).toBeInstanceOf(AbortSignal)
  })

  it('asks for nothing that was not given', async () => {
    const { millrace, asked } = passing()
    await runWith(millrace, [command])
    expect(Object.keys(asked[0]?.[command] ?? {})).toEqual(['signal'])
  })

  it.each([
    [['--entity', 'customers'], /customer, order/],
    [['--entity', ''], /Known are/],
    [['--limit', '0'], /whole number above zero/],
    [['--limit', '1e3'], /whole number above zero/],
    [['--unknown'], /unknown option '--unknown'/],
    [['--log-level', 'loud'], /Allowed choices are debug, info, warn, error, silent/],
  ])('refuses %j before anything is opened', async (args, message) => {
    const { millrace } = passing()
    const { code, stdout, stderr, opened } = await runWith(millrace, [command, ...args])
    expect({ code, stdout, opened }).toEqual({ code: 1, stdout: '', opened: [] })
    expect(stderr).toMatch(message)
  })

  it('aborts its pass on the first signal, closes, and exits at once on the second', async () => {
    let reason: unknown
    const millrace = fakeMillrace()
    const open = async (_: unknown, send: (signal: 'SIGINT' | 'SIGTERM') => void) => {
      const pass = async ({ signal }: SyncOptions = {}) => {
        send('SIGTERM')
        reason = signal?.reason
        send('SIGINT')
        return runReport('stopped')
      }
      return { ...millrace, sync: pass, backfill: pass }
    }
    const { code, exits: forced, stderr } = await runWith(millrace, [command], { open })
    expect(reason).toMatchObject({ name: 'AbortError' })
    expect(stderr).toContain('SIGTERM: finishing the batch in hand')
    expect(forced).toEqual([130])
    expect(code).toBe(1)
    expect(millrace.closed()).toBe(1)
  })

  it('closes after a failure and reports that failure, also when closing fails too', async () => {
    const { code, stderr } = await runWith(
      fakeMillrace({ sync: fail, backfill: fail, close: () => Promise.reject(new Error('closing')) }),
      [command],
    )
    expect(code).toBe(1)
    expect(stderr).toContain('Another process delivers.')
    expect(stderr).not.toContain('closing')
  })

  it('fails when closing fails, since the last writes may not be on disk', async () => {
    const { millrace } = passing()
    const { code, stdout, stderr } = await runWith({ ...millrace, close: () => Promise.reject(new Error('disk is full')) }, [command])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('disk is full')
  })
})

describe('sync', () => {
  it.each(['customer:42', 'customer:shop-eu:42', 'order:a:b:c'])('takes --only %s', async (only) => {
    const { millrace, asked } = passing()
    await runWith(millrace, ['sync', '--only', only])
    expect(asked[0]?.sync).toMatchObject({ only })
  })

  it.each(['42', 'customer', 'customer:', 'person:42'])('refuses --only %s', async (only) => {
    expect((await runWith(passing().millrace, ['sync', '--only', only])).stderr).toContain('like customer:42')
  })

  it('takes --start and --removals', async () => {
    const { millrace, asked } = passing()
    await runWith(millrace, ['sync', '--start', 'now', '--removals'])
    expect(asked[0]?.sync).toMatchObject({ start: 'now', removals: true })
  })

  it('shows people what happened and what to do next', async () => {
    const report = {
      ...runReport('attention', { delivered: 5, deadLettered: 2, held: 12 }),
      problems: [{ code: 'removals_held', message: 'Held.', connection: 'hubspot' }],
    }
    const { stdout } = await runWith(fakeMillrace({ sync: async () => report }), ['sync'])
    expect(stdout).toMatch(/shop +customer +1,200 +3 +0/)
    expect(stdout).toMatch(/delivered +5/)
    expect(stdout).not.toContain('superseded')
    expect(stdout).toContain('! hubspot: Held. (removals_held)')
    expect(stdout).toContain('(2.5 s): settled, but some of it needs a person.')
    expect(stdout).toContain('millrace dead-letters list')
    expect(stdout).toContain('millrace accept-removals hubspot 12')
  })
})

describe('backfill', () => {
  it.each([
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2026-01-31T12:00:00+01:00', '2026-01-31T11:00:00.000Z'],
  ])('takes --since %s', async (since, instant) => {
    const { millrace, asked } = passing()
    await runWith(millrace, ['backfill', '--since', since])
    expect(asked[0]?.backfill).toMatchObject({ since: Date.parse(instant) })
  })

  it.each(['yesterday', '2026-13-01', '2026', '01/02/2026', '2026-01-31T12:00'])('refuses --since %s', async (since) => {
    expect((await runWith(passing().millrace, ['backfill', '--since', since])).stderr).toContain('such as 2026-01-31')
  })

  it('only estimates with --estimate', async () => {
    const { millrace, asked } = passing()
    const { code, stdout } = await runWith(millrace, ['backfill', '--estimate', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual(estimateReport)
    expect(asked).toEqual([])
  })

  it('shows an estimate to people', async () => {
    const { stdout } = await runWith(passing().millrace, ['backfill', '--estimate'])
    expect(stdout).toMatch(/shop +product +unknown/)
    expect(stdout).toMatch(/hubspot +contact +2,000 +20/)
    expect(stdout).toContain('about 1.2 MB')
    expect(stdout).toContain('are the least it will take')
  })

  it('shows the estimate on a terminal and asks', async () => {
    const { millrace, asked } = passing()
    const { code, stderr } = await runWith(millrace, ['backfill'], { terminal: true, input: 'y\n' })
    expect(stderr).toContain('about 1.2 MB')
    expect(stderr).toContain('Start the backfill? [y/N]')
    expect(code).toBe(0)
    expect(asked).toHaveLength(1)
  })

  it.each(['n\n', '\n', '', 'yesterday\n'])('sends nothing when the answer is %j', async (input) => {
    const { millrace, asked } = passing()
    const { code, stdout } = await runWith(millrace, ['backfill'], { terminal: true, input })
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'Nothing was sent.\n' })
    expect(asked).toEqual([])
  })

  it.each([
    ['with --yes', ['backfill', '--yes'], true],
    ['with --json', ['backfill', '--json'], true],
    ['without a terminal', ['backfill'], false],
  ])('does not ask %s', async (_, args, terminal) => {
    const { millrace, asked } = passing()
    const { code, stderr } = await runWith(millrace, args, { terminal })
    expect(code).toBe(0)
    expect(stderr).not.toContain('[y/N]')
    expect(asked).toHaveLength(1)
  })
})
