import { readdirSync, readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { crmOneRules } from './rules.ts'

const tests = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => readFileSync(`${import.meta.dirname}/${file}`, 'utf8'))
  .join('\n')
const tested = new Set([...tests.matchAll(/\btest\(\s*['"]([a-z0-9-]+): /g)].map((match) => match[1]))

test('every rule has a test that is named after it', () => {
  expect(Object.keys(crmOneRules).filter((id) => !tested.has(id))).toEqual([])
})

test('every test that names a rule names an existing one', () => {
  expect([...tested].filter((id) => id === undefined || !(id in crmOneRules))).toEqual([])
})
