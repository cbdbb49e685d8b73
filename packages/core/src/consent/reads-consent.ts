import type { Contract } from '../contract/contract.ts'
import { expressionPaths } from '../contract/expression-paths.ts'

/** Whether the rules of an object, the lists and tags of people, or what is asked of people to be taken, read what is decided about consent. */
export const readsConsent = ({ objects, memberships, include }: Contract, object: string): boolean =>
  expressionPaths([Object.values(objects[object]?.fields ?? {}), memberships, include?.person]).some((path) => path.startsWith('consent.'))
