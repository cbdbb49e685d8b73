import { expect, it } from 'vitest'
import { freshPaths } from '../testing/fresh-path.ts'
import { openConnection } from './connection.ts'

const freshPath = freshPaths()

it('names keep their numbers when there are more than memory keeps', () => {
  const { names, transaction, close } = openConnection(freshPath())
  const ids = transaction(() => Array.from({ length: 25_000 }, (_, index) => names.put(`run-${index}`)))
  expect(new Set(ids).size).toBe(ids.length)
  for (const index of [0, 9_999, 10_000, 24_999]) {
    expect(names.find(`run-${index}`)).toBe(ids[index])
    expect(names.text(ids[index] ?? 0)).toBe(`run-${index}`)
  }
  close()
})
