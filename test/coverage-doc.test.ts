import { existsSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string): string => readFileSync(`${root}/${path}`, 'utf8')
const exists = (path: string): boolean => existsSync(`${root}/${path}`)
const captures = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? '')

/** Pages that say which test shows what. */
const pages = ['README.md', 'docs/coverage.md']
/** Pages whose links are followed. */
const linked = [...pages, 'docs/README.md', 'docs/architecture.md', 'docs/guides/getting-started.md']

describe.each(pages)('%s', (page) => {
  const text = read(page)

  it('names only files that exist', () => {
    const named = captures(text, /`((?:packages|test|examples|bench|docs|scripts)\/[^`\s]+)`/g)
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((path) => !exists(path))).toEqual([])
  })

  it('names only tests that exist', () => {
    const named = [...text.matchAll(/`([^`]+)` › "([^"]+)"/g)].map((match) => ({ path: match[1] ?? '', name: match[2] ?? '' }))
    // A line that opens a test, a group of them, or a case of a suite.
    const opens = /^\s*(?:(?:it|test|describe)\b|title: |\](?: as const)?\)\(|[`'])/
    const has = (path: string, name: string): boolean =>
      exists(path) &&
      read(path)
        .split('\n')
        .some((line) => opens.test(line) && line.includes(name))
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter(({ path, name }) => !has(path, name))).toEqual([])
  })
})

it.each(linked)('%s links to pages and files that exist', (page) => {
  const targets = captures(read(page), /\]\(([^)#\s]+)(?:#[^)]*)?\)/g).filter((target) => !target.includes('://'))
  expect(targets.length).toBeGreaterThan(0)
  expect(targets.filter((target) => !exists(posix.join(posix.dirname(page), target)))).toEqual([])
})

describe('docs/coverage.md', () => {
  const text = read('docs/coverage.md')
  /** How many statements each part has. */
  const parts: Record<string, number> = { 0: 26, 1: 23, 2: 116, 3: 15, 4: 13 }
  const forms: Record<string, RegExp> = {
    'shown by': /^shown by `[^`]+\.ts` › "/,
    partly: /^partly: ./,
    'not yet': /^not yet \(issues?: .+\)$/,
    'not software': /^not software$/,
  }
  const rows = text.split('\n').flatMap((line) => {
    const cells = /^\| (\d\.\d+) \| .+? \| (.+) \|$/.exec(line)
    return cells === null ? [] : [{ number: cells[1] ?? '', status: cells[2] ?? '' }]
  })

  it('has every statement once, in order', () => {
    const expected = Object.entries(parts).flatMap(([part, count]) => Array.from({ length: count }, (_, index) => `${part}.${index + 1}`))
    expect(rows.map(({ number }) => number)).toEqual(expected)
  })

  it('gives every statement a status of a known form, and everything that it calls shown a test', () => {
    expect(rows.filter(({ status }) => !Object.values(forms).some((form) => form.test(status)))).toEqual([])
  })

  it('counts right', () => {
    for (const [kind, form] of Object.entries(forms)) {
      const count = rows.filter(({ status }) => form.test(status)).length
      expect(
        text.split('\n').find((line) => line.startsWith(`| ${kind}`) && line.endsWith(` | ${count} |`)),
        `${kind}: ${count}`,
      ).toBeDefined()
    }
  })
})
