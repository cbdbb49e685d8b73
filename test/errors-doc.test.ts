import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

// The fakes and dialects speak in the vendors' own codes, and tests make up theirs.
const sources: string[] = globSync('packages/*/src/**/*.ts', { cwd: root })
  .filter(
    (path) =>
      !path.endsWith('.test.ts') &&
      !path.startsWith('packages/fake-vendors/') &&
      !path.includes('/testing/') &&
      !path.includes('/dialects/'),
  )
  .map((path) => readFileSync(`${root}/${path}`, 'utf8'))

const single = /\bcode: '([a-z][a-z0-9_]*)'/g
/** Conditions and unions: `code: gone ? 'not_found' : 'rejected_by_vendor'`. */
const several = /\bcode: (.*)/g
/** Helpers that take the code first, or after the level of a finding. */
const helper = /\b(?:fault|retry|skip|refuse|StoreFault|finding)\(\s*(?:'(?:ok|warning|error)',\s*)?'([a-z]+(?:_[a-z0-9]+)+)'/g

const captures = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? '')

const usedCodes = (text: string): string[] => [
  ...captures(text, single),
  ...captures(text, several).flatMap((rest) => captures(rest.split('message')[0] ?? '', /'([a-z]+(?:_[a-z0-9]+)+)'/g)),
  ...captures(text, helper),
]

const rows: { code: string; meaning: string; cure: string }[] = readFileSync(`${root}/docs/errors.md`, 'utf8')
  .split('\n')
  .flatMap((line) => {
    const cells = /^\| `([a-z0-9_]+)` \|(.*)\|(.*)\|$/.exec(line)
    return cells === null ? [] : [{ code: cells[1] ?? '', meaning: cells[2]?.trim() ?? '', cure: cells[3]?.trim() ?? '' }]
  })
const documented = new Set<string>(rows.map(({ code }) => code))

describe('docs/errors.md', () => {
  it('lists every code that the packages use', () => {
    const missing = [...new Set(sources.flatMap(usedCodes))].filter((code) => !documented.has(code))
    expect(missing, `add to docs/errors.md: ${missing.join(', ')}`).toEqual([])
  })

  it('lists no code that is gone', () => {
    const gone = [...documented].filter((code) => !sources.some((text) => text.includes(`'${code}'`)))
    expect(gone, `take out of docs/errors.md: ${gone.join(', ')}`).toEqual([])
  })

  it('gives meaning and cure of each code once', () => {
    expect(rows.filter(({ meaning, cure }) => meaning === '' || cure === '')).toEqual([])
    expect(rows).toHaveLength(documented.size)
  })
})
