import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const run = promisify(execFile)

it('carries the tiny shop into a fake HubSpot, and a second pass sends nothing', { timeout: 120_000 }, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-custom-source-'))
  const { HUBSPOT_ACCESS_TOKEN: _token, ...env } = process.env
  const script = fileURLToPath(new URL('main.ts', import.meta.url))
  const { stdout } = await run(process.execPath, ['--conditions=@millrace/source', script, join(directory, 'millrace.db')], { env })
  await rm(directory, { recursive: true })
  expect(stdout).toContain('first pass: completed, 650 delivered')
  expect(stdout).toContain('second pass: completed, 0 delivered in 0 requests')
  expect(stdout).toContain('HubSpot holds 250 contacts and 400 deals')
})
