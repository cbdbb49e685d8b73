import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Millrace, MillraceError } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { runWith } from './testing/fake-environment.ts'
import { fakeMillrace, runReport } from './testing/fake-millrace.ts'

const failing = (error: unknown) => fakeMillrace({ sync: () => Promise.reject(error) })

/** Stops a check in the middle. */
const openAndInterrupt = async (_: unknown, send: (signal: 'SIGINT') => void) => {
  const check: Millrace['check'] = async ({ signal } = {}) => {
    send('SIGINT')
    signal?.throwIfAborted()
    throw new Error('the signal was not passed on')
  }
  return fakeMillrace({ check })
}

describe('errors', () => {
  const known = new MillraceError({
    code: 'scopes_missing',
    message: 'The token lacks scopes. Add them.',
    field: 'accessToken',
    context: { status: 403 },
    cause: new Error('secret body'),
  })

  it('say what, where and what to do', async () => {
    const { code, stdout, stderr } = await runWith(failing(known), ['sync'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe(
      'error: The token lacks scopes. Add them.\n  where: accessToken\n  details: status 403\n  code: scopes_missing (docs/errors.md lists its cure)\n',
    )
  })

  it('of several lines are indented', async () => {
    const error = new MillraceError({ code: 'contract_invalid', message: 'Two faults:\n  one\n  two' })
    expect((await runWith(failing(error), ['sync'])).stderr).toContain('error: Two faults:\n      one\n      two\n  code: contract_invalid')
  })

  it('are one JSON object on stdout with --json', async () => {
    const { code, stdout } = await runWith(failing(known), ['sync', '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toEqual({ error: known.toJSON() })
  })

  it.each([new TypeError('x is not a function'), 'a plain text', undefined])('of no known kind get the code unexpected', async (thrown) => {
    const { code, stderr } = await runWith(failing(thrown), ['sync'])
    expect(code).toBe(1)
    expect(stderr).toContain(`error: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
    expect(stderr).toContain('code: unexpected')
    expect(stderr).not.toContain('    at ')
  })

  it('of a call that a signal ended say so', async () => {
    const { code, stderr } = await runWith(fakeMillrace(), ['check'], { open: openAndInterrupt })
    expect(code).toBe(1)
    expect(stderr).toContain('code: interrupted')
  })

  it('show their stack with --log-level debug', async () => {
    expect((await runWith(failing(new TypeError('deep')), ['sync', '--log-level', 'debug'])).stderr).toMatch(/TypeError: deep\n +at /)
  })

  it('of opening are reported too, and leave nothing to close', async () => {
    const { code, stderr } = await runWith(fakeMillrace(), ['sync'], {
      open: () => Promise.reject(new MillraceError({ code: 'config_not_found', message: 'No config.' })),
    })
    expect(code).toBe(1)
    expect(stderr).toContain('config_not_found')
  })
})

describe('options', () => {
  it.each([
    ['before', ['--config', 'other.ts', 'sync']],
    ['after', ['sync', '--config', 'other.ts']],
  ])('--config is taken %s the command', async (_, args) => {
    const { opened } = await runWith(fakeMillrace({ sync: async () => runReport('completed') }), args, { directory: '/app' })
    expect(opened).toEqual([{ directory: '/app', actor: 'ann', config: 'other.ts', logger: expect.anything() }])
  })

  it('--help goes to stdout and exits with 0', async () => {
    const { code, stdout, stderr } = await runWith(fakeMillrace(), ['--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const command of ['init', 'check', 'plan', 'apply', 'sync', 'backfill', 'status', 'trace', 'dead-letters'])
      expect(stdout).toContain(command)
  })

  it.each(['check', 'sync', 'trace'])('%s --help shows the options that every command takes', async (command) => {
    const { stdout } = await runWith(fakeMillrace(), [command, '--help'])
    for (const option of ['--config', '--json', '--log-level']) expect(stdout).toContain(option)
  })

  it.each([[[]], [['unknown']], [['dead-letters']]])('%j shows help on stderr and exits with 1', async (args) => {
    const { code, stdout, stderr } = await runWith(fakeMillrace(), args)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/Usage: millrace|unknown command/)
  })

  it('--version prints the version', async () => {
    const { code, stdout } = await runWith(fakeMillrace(), ['--version'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

/** A Millrace that logs and reports progress during its pass. */
const chatty = (level: 'info' | 'warn') => ({
  open: async ({ logger }: { logger?: { info(f: object, m: string): void; warn(f: object, m: string): void } }) => {
    const millrace = fakeMillrace()
    return {
      ...millrace,
      sync: async () => {
        logger?.[level]({ connection: 'hubspot' }, 'slowed down')
        millrace.emit('progress', { phase: 'read', source: 'shop', entity: 'customer', done: 500, total: 2000 })
        millrace.emit('progress', { phase: 'read', source: 'shop', entity: 'customer', done: 600, total: 2000 })
        millrace.emit('progress', { phase: 'deliver', connection: 'hubspot', done: 10 })
        millrace.emit('progress', { phase: 'read', source: 'shop', entity: 'customer', done: 2000, total: 2000 })
        return runReport('completed')
      },
    }
  },
})

describe('logs and progress', () => {
  it('are JSON lines on stderr without a terminal, progress seldom but always its end', async () => {
    const { stdout, stderr } = await runWith(fakeMillrace(), ['sync', '--json'], chatty('info'))
    const lines: { msg: string; done?: number; connection?: string }[] = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ msg, done }) => [msg, done])).toEqual([
      ['slowed down', undefined],
      ['progress', 500],
      ['progress', 10],
      ['progress', 2000],
    ])
    expect(JSON.parse(stdout)).toEqual(runReport('completed'))
  })

  it('are readable lines and bars on a terminal', async () => {
    const { stdout, stderr } = await runWith(fakeMillrace(), ['sync', '--json'], { ...chatty('warn'), terminal: true })
    expect(stderr).toContain('warn  slowed down connection="hubspot"'.replaceAll('"', ''))
    expect(stderr).toContain('2,000 of 2,000 (100 %)')
    expect(stderr).toMatch(/deliver hubspot +10/)
    expect(JSON.parse(stdout)).toEqual(runReport('completed'))
  })

  it('leave a terminal alone when there is nothing to show', async () => {
    expect((await runWith(fakeMillrace({ sync: async () => runReport('completed') }), ['sync'], { terminal: true })).stderr).toBe('')
  })

  it('are kept away by --log-level', async () => {
    expect((await runWith(fakeMillrace(), ['sync', '--log-level', 'silent'], chatty('warn'))).stderr).toBe('')
  })
})

describe('the program', () => {
  it('runs from source, names a missing config and exits with 1', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-cli-'))
    const bin = fileURLToPath(new URL('./bin.ts', import.meta.url))
    const result = await new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
      execFile(process.execPath, ['--conditions=@millrace/source', bin, 'status', '--json'], { cwd: folder }, (error, stdout, stderr) =>
        resolve({ code: error?.code, stdout, stderr }),
      )
    })
    await rm(folder, { recursive: true })
    expect(result.code).toBe(1)
    expect(JSON.parse(result.stdout)).toMatchObject({ error: { code: 'config_not_found' } })
    expect(result.stderr).toContain(folder)
  })
})
