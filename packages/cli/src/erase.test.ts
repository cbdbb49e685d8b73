import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ErasureReport } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { runWith } from './testing/fake-environment.ts'
import { fakeMillrace } from './testing/fake-millrace.ts'

const proof: ErasureReport = {
  complete: true,
  dryRun: false,
  at: '2026-03-01T12:00:00.000Z',
  actor: 'ann',
  subject: 'email/abc',
  connections: { hubspot: { result: 'erased', ids: ['7', 'deal 9'], remains: ['Deals stay.'], found: 0, problem: null } },
  store: { records: 1, scrubbed: 2, deliveries: 3, events: 0, journal: 4, exchanges: 0 },
  records: { customer: 1, order: 2 },
}

describe('erase', () => {
  it('says what was done and what remains, and writes the proof', async () => {
    const asked: unknown[] = []
    const directory = mkdtempSync(join(tmpdir(), 'millrace-erase-'))
    const millrace = fakeMillrace({
      erase: async (person) => {
        asked.push(person)
        return proof
      },
    })
    const { code, stdout } = await runWith(millrace, ['erase', '--email', 'a@b.example', '--yes', '--proof', 'proof.json'], { directory })
    expect([code, asked]).toEqual([0, [{ email: 'a@b.example' }]])
    expect(stdout).toMatch(/hubspot +erased +2 +0/)
    expect(stdout).toContain('hubspot: Deals stay.')
    expect(JSON.parse(readFileSync(join(directory, 'proof.json'), 'utf8'))).toEqual(proof)
  })

  it('exits with 3 when something is left to do', async () => {
    const open = { ...proof, complete: false }
    const { code, stdout } = await runWith(fakeMillrace({ erase: async () => open }), ['erase', '--customer', 'customer:shop:42', '--yes'])
    expect(code).toBe(3)
    expect(stdout).toContain('NOT COMPLETE')
  })

  it('erases nothing without a yes', async () => {
    const { code, stdout } = await runWith(fakeMillrace(), ['erase', '--email', 'a@b.example'], { terminal: true, input: 'n\n' })
    expect([code, stdout]).toEqual([1, 'Nothing was erased.\n'])
  })

  it.each([[[]], [['--email', 'a@b.example', '--customer', 'customer:shop:1']]])('wants to know whom: %j', async (args) => {
    const { code, stderr } = await runWith(fakeMillrace(), ['erase', '--yes', ...args])
    expect(code).toBe(1)
    expect(stderr).toContain('Say whom')
  })
})
