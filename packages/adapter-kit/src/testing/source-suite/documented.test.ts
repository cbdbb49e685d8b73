import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { sourceRules } from './rules.ts'

it('docs/conformance.md lists every rule for sources with its sentence, in order, and no other', async () => {
  const text = await readFile(new URL('../../../../../docs/conformance.md', import.meta.url), 'utf8')
  const [, own = ''] = text.split('\n# Conformance of sources\n')
  const rows = [...own.matchAll(/^\| `([a-z0-9-]+)` \| (.+?) \| [^|]+ \|$/gm)].map(([, id, sentence]) => [id, sentence])
  expect(rows).toEqual(sourceRules.map(({ id, sentence }) => [id, sentence]))
})
