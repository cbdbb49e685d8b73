import { userInfo } from 'node:os'
import { expect, it } from 'vitest'
import { actorName } from './actor-name.ts'

it('is the name of the user', () => {
  expect(actorName()).toBe(userInfo().username)
})

it('is something also where the user has no name', () => {
  const nameless = () => {
    throw new Error('ENOENT')
  }
  expect(actorName(nameless)).toMatch(/^user (\d+|unknown)$/)
})
