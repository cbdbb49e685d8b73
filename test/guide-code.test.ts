import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string): string => readFileSync(`${root}/${path}`, 'utf8')
const block = /^```\w+ title="([^"]+)"\n(.*?)\n```$/gms

const blocks = globSync('docs/guides/*.md', { cwd: root }).flatMap((guide) =>
  [...read(guide).matchAll(block)].map(([, source = '', code = '']) => ({ guide, source, code })),
)

describe('code in the guides', () => {
  it('is there', () => expect(blocks.length).toBeGreaterThan(8))

  it.each(blocks)('$guide shows what stands in $source', ({ source, code }) => {
    expect(read(source)).toContain(code)
  })
})
