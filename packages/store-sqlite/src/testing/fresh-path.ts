import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** Gives paths in a directory of this test file's own, which goes when its tests are done. */
export const freshPaths = (): (() => string) => {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-store-'))
  let files = 0
  afterAll(() => rmSync(directory, { recursive: true, force: true }))
  return () => join(directory, `${++files}`, 'store.db')
}
