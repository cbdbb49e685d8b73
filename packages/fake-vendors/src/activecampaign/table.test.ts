import { expect, test } from 'vitest'

import { createTable } from './table.ts'

interface Person {
  readonly id: string
  readonly names: readonly string[]
}

test('a row is found by each of its keys, not by those it had, and not after it is gone', () => {
  const table = createTable<Person>(7, ({ names }) => names)
  const ada = table.insert({ names: ['ada', 'countess'] })
  const bob = table.insert({ names: ['bob'] })
  expect([ada.id, bob.id, table.byKey('countess')?.id]).toEqual(['7', '8', '7'])
  table.replace({ ...ada, names: ['ada', 'lovelace'] })
  expect([table.byKey('countess'), table.byKey('lovelace')?.id, table.size]).toEqual([undefined, '7', 2])
  table.delete('7')
  expect([table.byKey('ada'), table.get('7'), table.all()]).toEqual([undefined, undefined, [bob]])
})

test('a key that another row took over stays with it', () => {
  const table = createTable<Person>(1, ({ names }) => names)
  const first = table.insert({ names: ['shared'] })
  const second = table.insert({ names: ['shared'] })
  table.delete(first.id)
  expect(table.byKey('shared')).toEqual(second)
})
