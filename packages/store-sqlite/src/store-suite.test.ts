import { checkAgainstReference } from '../../adapter-kit/src/testing/store-suite/index.ts'
import fc from 'fast-check'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, it } from 'vitest'
import { sqliteInThread } from './testing/in-thread.ts'

const directory = mkdtempSync(join(tmpdir(), 'millrace-store-'))
let files = 0
afterAll(() => rmSync(directory, { recursive: true, force: true }))

it('behaves as the memory store under any sequence of commands', async () => {
  await checkAgainstReference(fc, () => sqliteInThread(join(directory, `${++files}.db`)), 400)
}, 120_000)
