import { assert, string, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printable, sections, table } from './table.ts'

describe('table', () => {
  it('aligns columns and leaves no space at the end of a line', () => {
    expect(
      table(
        [{ title: 'name' }, { title: 'count', align: 'right' }, { title: 'note' }],
        [
          ['customers', '7', ''],
          ['a', '1,200', 'x'],
        ],
      ),
    ).toBe('name       count  note\ncustomers      7\na          1,200  x\n')
  })

  it('is empty without rows', () => expect(table([{ title: 'name' }], [])).toBe(''))

  it('keeps each row on one line, whatever a cell holds', () => {
    assert(property(string({ unit: 'binary' }), (cell) => table([{ title: 'x' }], [[cell], ['end']]).split('\n').length === 4))
  })
})

describe('printable', () => {
  it('keeps letters of all scripts and emoji', () => expect(printable('Müller 山田 😀')).toBe('Müller 山田 😀'))
})

describe('sections', () => {
  it('leaves out what is empty', () => expect(sections('a\n', '', 'b\n')).toBe('a\n\nb\n'))
})
