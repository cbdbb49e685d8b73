import { checkAgainstReference, storeSuite } from '@millrace/adapter-kit/testing'
import * as fc from 'fast-check'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, it } from 'vitest'
import { sqlite } from './sqlite.ts'
import { sqliteInThread } from './testing/in-thread.ts'

const directory = mkdtempSync(join(tmpdir(), 'millrace-store-'))
let files = 0
const freshPath = (): string => join(directory, `${++files}.db`)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

storeSuite({ name: 'sqlite', create: () => sqlite({ path: freshPath() }), describe, it })

// Without the thread: hundreds of files are opened.
it(
  'behaves as the memory store under any sequence of commands',
  () => checkAgainstReference(fc, () => sqliteInThread(freshPath()), 200),
  120_000,
)
