import type { Input, Membership } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { membershipChanges, objectsWithMemberships } from './memberships.ts'
import { inputOf } from './testing/input-of.ts'

const list = (name: string): Membership => ({ kind: 'list', name })
const input = (over: Partial<Input>): Input => inputOf('contact', 'shop:1', {}, { membershipsChanged: true, ...over })

describe('membershipChanges', () => {
  it('adds what is wanted and not ours yet, and removes only what is ours', () => {
    const changes = membershipChanges(input({ memberships: [list('a'), list('b')], objects: { 'list:b': '2', 'tag:c:d': '3', line: '9' } }))
    expect(changes).toEqual({ add: [list('a')], remove: [{ kind: 'tag', name: 'c:d', id: '3' }] })
  })

  it('does nothing for memberships that did not change', () => {
    const same = input({ memberships: [list('a')], membershipsChanged: false, objects: { 'list:a': '1' } })
    expect(membershipChanges(same)).toEqual({ add: [], remove: [] })
  })

  it('adds everything again when nobody knows, and what an attempt left in doubt', () => {
    const known = { memberships: [list('a')], objects: { 'list:a': '1' } }
    expect(membershipChanges(input({ ...known, membershipsChanged: false, uncertain: true })).add).toEqual([list('a')])
    expect(membershipChanges(input({ ...known, objects: { 'list:a': '' } })).add).toEqual([list('a')])
    expect(membershipChanges(input(known)).add).toEqual([])
  })

  it('puts a new object into all of its lists, and out of none', () => {
    expect(membershipChanges(input({ memberships: [list('a')], objects: { 'list:a': '1', 'list:b': '2' } }), true)).toEqual({
      add: [list('a')],
      remove: [],
    })
  })
})

describe('objectsWithMemberships', () => {
  it('keeps other objects, drops what is gone or in doubt, and holds what we added', () => {
    const before = { memberships: [list('a'), list('b'), list('c')], objects: { line: '9', 'list:a': '1', 'list:b': '', 'list:x': '4' } }
    expect(objectsWithMemberships(before, new Map([['list:c', '3']]))).toEqual({ line: '9', 'list:a': '1', 'list:c': '3' })
  })
})
