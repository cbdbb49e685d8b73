import { destinationSuite } from '@millrace/adapter-kit/testing'
import { expect, it } from 'vitest'
import { startAcme } from './acme-fake.ts'
import { acme } from './acme.ts'

// Every rule of the conformance suite that concerns what the adapter declares.
destinationSuite({ destination: (baseUrl) => acme({ apiKey: 'test', baseUrl }), fake: () => startAcme('test') })

it('names a setting that is wrong', () => {
  expect(() => acme({ apiKey: '' })).toThrow(/cannot start/)
})
