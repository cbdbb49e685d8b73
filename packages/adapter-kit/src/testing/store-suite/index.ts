export { checkAgainstReference } from './same-as-reference.ts'
export { storeSuite } from './suite.ts'
export type { StoreSuiteOptions } from './suite.ts'
