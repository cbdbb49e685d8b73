import type { DeadLetter, DeadLetterFilter, DeadLetterPreview } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { runWith } from './testing/fake-environment.ts'
import { fakeMillrace } from './testing/fake-millrace.ts'

const letter: DeadLetter = {
  id: 7,
  connection: 'hubspot',
  object: 'contact',
  unit: 'customer:shop:42',
  code: 'invalid_option',
  message: 'Not an option\u001b[31m: "x"\r\nfake line',
  attempts: 1,
  stuck: false,
  firstSeenAt: null,
  lastSeenAt: '2026-03-01T12:00:00.000Z',
}

const previews: DeadLetterPreview[] = [
  {
    id: 7,
    connection: 'hubspot',
    object: 'deal',
    unit: 'order:shop:1',
    code: 'timeout',
    outcome: 'update',
    fields: ['stage', 'amount'],
    children: 2,
    problem: null,
  },
  {
    id: 8,
    connection: 'hubspot',
    object: 'contact',
    unit: 'customer:shop:42',
    code: 'invalid_option',
    outcome: 'dead',
    fields: [],
    children: 0,
    problem: { code: 'invalid_option', message: 'Not an option\u001b[31m.' },
  },
]

const letters = (list: DeadLetter[] = [letter]) => {
  const asked: { call: string; filter?: DeadLetterFilter }[] = []
  const bulk = (call: string) => async (filter: DeadLetterFilter) => {
    asked.push({ call, filter })
    return 1200
  }
  const millrace = fakeMillrace({
    deadLetters: {
      list: async (filter) => {
        asked.push({ call: 'list', ...(filter && { filter }) })
        return list
      },
      show: async (id) => list.find((item) => item.id === id),
      preview: async (filter) => {
        asked.push({ call: 'preview', filter })
        return previews
      },
      replay: async (filter) => ({ count: await bulk('replay')(filter), refused: 3 }),
      discard: bulk('discard'),
    },
  })
  return { millrace, asked }
}

describe('dead-letters', () => {
  it('lists by connection and code', async () => {
    const { millrace, asked } = letters()
    const { stdout } = await runWith(millrace, ['dead-letters', 'list', '--connection', 'hubspot', '--code', 'invalid_option', '--json'])
    expect(asked).toEqual([{ call: 'list', filter: { connection: 'hubspot', code: 'invalid_option' } }])
    expect(JSON.parse(stdout)).toEqual([letter])
  })

  it('lets no text of a vendor steer the terminal', async () => {
    const { stdout } = await runWith(letters().millrace, ['dead-letters', 'list'])
    expect(stdout).not.toContain('\u001b')
    expect(stdout).not.toContain('\r')
    expect(stdout).toContain('Not an option·[31m: "x"··fake line')
  })

  it('says when there are none', async () => {
    expect((await runWith(letters([]).millrace, ['dead-letters', 'list'])).stdout).toBe('There are no dead letters.\n')
  })

  it('shows one', async () => {
    expect((await runWith(letters().millrace, ['dead-letters', 'show', '7'])).stdout).toMatch(/code +invalid_option/)
  })

  it('fails on one that is not there', async () => {
    const { code, stdout, stderr } = await runWith(letters().millrace, ['dead-letters', 'show', '8'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('dead_letter_not_found')
  })

  it.each(['replay', 'discard'])('%s takes an id, a filter, or all', async (call) => {
    const { millrace, asked } = letters()
    await runWith(millrace, ['dead-letters', call, '7'])
    await runWith(millrace, ['dead-letters', call, '--code', 'invalid_option', '--connection', 'hubspot'])
    const { stdout } = await runWith(millrace, ['dead-letters', call, '--all', '--json'])
    expect(asked).toEqual([
      { call, filter: { id: 7 } },
      { call, filter: { code: 'invalid_option', connection: 'hubspot' } },
      { call, filter: {} },
    ])
    expect(JSON.parse(stdout)).toEqual(call === 'replay' ? { count: 1200, refused: 3 } : { count: 1200 })
  })

  it('says what a bulk replay left, and how it is replayed', async () => {
    const { stdout } = await runWith(letters().millrace, ['dead-letters', 'replay', '--all'])
    expect(stdout).toContain('1,200 dead letters ready')
    expect(stdout).toContain('3 left: they died of the same code after three replays.')
  })

  it('shows what a replay would do, and replays nothing', async () => {
    const { millrace, asked } = letters()
    const { code, stdout } = await runWith(millrace, ['dead-letters', 'replay', '--code', 'timeout', '--dry-run'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/7 +hubspot +deal +timeout +update +stage, amount, 2 lines/)
    expect(stdout).toMatch(/8 +hubspot +contact +invalid_option +dead +Not an option·\[31m\. \(invalid_option\)/)
    expect(stdout).toContain('Nothing was sent. A replay would send 1 of 2.')
    const json = await runWith(millrace, ['dead-letters', 'replay', '7', '--dry-run', '--json'])
    expect(JSON.parse(json.stdout)).toEqual(previews)
    expect(asked).toEqual([
      { call: 'preview', filter: { code: 'timeout' } },
      { call: 'preview', filter: { id: 7 } },
    ])
    expect((await runWith(millrace, ['dead-letters', 'discard', '7', '--dry-run'])).code).toBe(1)
    expect((await runWith(millrace, ['dead-letters', 'replay', '--dry-run'])).stderr).toContain('filter_missing')
  })

  it.each(['replay', 'discard'])('%s never means all by accident', async (call) => {
    const { millrace, asked } = letters()
    const { code, stderr } = await runWith(millrace, ['dead-letters', call])
    expect(code).toBe(1)
    expect(stderr).toContain('filter_missing')
    expect(asked).toEqual([])
  })
})
