import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const cited = [...readFileSync(join(root, 'docs', 'reliability.md'), 'utf8').matchAll(/`([\w./-]+\.test\.ts)` "([^"]+)"/g)]

it('docs/reliability.md names tests that exist', () => {
  expect(cited.length).toBeGreaterThan(30)
  const missing = cited.filter(([, file = '', name = '']) => !readFileSync(join(root, file), 'utf8').includes(name))
  expect(missing.map(([citation]) => citation)).toEqual([])
})
