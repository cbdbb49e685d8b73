import { readdirSync, readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { COMMERCETOOLS_RULES } from './rules.ts'

const here = new URL('./', import.meta.url)
const tests = readdirSync(here, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => readFileSync(new URL(name, here), 'utf8'))
  .join('\n')
const named = new Set([...tests.matchAll(/'(CT-[A-Z]+-\d+) /gu)].map(([, id]) => id))

test('every rule has a test that is named by its id, and every such test has a rule', () => {
  const ids = COMMERCETOOLS_RULES.map((rule) => rule.id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.filter((id) => !named.has(id))).toEqual([])
  expect([...named].filter((id) => !ids.includes(id ?? ''))).toEqual([])
})

test('every rule says what it does and where that is known from', () => {
  for (const { id, does, source } of COMMERCETOOLS_RULES)
    expect(
      [does.length, source.length].every((length) => length > 10),
      id,
    ).toBe(true)
})
