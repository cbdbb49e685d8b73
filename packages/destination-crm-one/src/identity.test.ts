import fc from 'fast-check'
import { expect, test } from 'vitest'
import { idempotencyKey, identityOf, keyOfIdentity } from './identity.ts'

test('every key is found again from its identity, and no two keys share one', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (one, other) => {
      expect(keyOfIdentity(identityOf(one, 'shop'), 'shop')).toBe(one)
      const same = JSON.stringify(identityOf(one, 'shop')) === JSON.stringify(identityOf(other, 'shop'))
      expect(same).toBe(one === other)
    }),
  )
})

test('identities of other systems and of other contracts are not ours', () => {
  expect(keyOfIdentity({ source: 'erp', id: '7' }, 'shop')).toBeUndefined()
  expect(keyOfIdentity({ source: 'shopping:eu', id: '7' }, 'shop')).toBeUndefined()
  expect(keyOfIdentity({ source: 'shop:eu', id: '7' }, 'shop')).toBe('eu:7')
})

test('an idempotency key is the same for the same write and another one for every other', () => {
  expect(idempotencyKey('list', true, 'a', 1)).toBe(idempotencyKey('list', true, 'a', 1))
  expect(idempotencyKey('list', true, 'a', 1)).not.toBe(idempotencyKey('list', false, 'a', 1))
  expect(idempotencyKey('ab', 'c')).not.toBe(idempotencyKey('a', 'bc'))
})
