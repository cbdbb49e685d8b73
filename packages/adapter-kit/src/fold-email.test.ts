import { expect, it } from 'vitest'
import { foldEmail } from './fold-email.ts'

it('folds case, outer space and Unicode form, and nothing that could join two people', () => {
  expect(foldEmail(' Jane.Doe+Shop@Example.COM ')).toBe('jane.doe+shop@example.com')
  expect(foldEmail('JU\u0308RGEN@x.de')).toBe(foldEmail('jürgen@x.de'))
  expect(foldEmail('jane.doe@gmail.com')).not.toBe(foldEmail('janedoe@gmail.com'))
})
