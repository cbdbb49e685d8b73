import type { SourceRule } from './rule.ts'
import { conductRules } from './rules/conduct.ts'
import { declarationRules } from './rules/declaration.ts'
import { faultRules } from './rules/faults.ts'
import { readingRules } from './rules/reading.ts'
import { recordRules } from './rules/records.ts'
import { singleRules } from './rules/single.ts'

/** Every rule of the source suite, in the order of `docs/conformance.md`. */
export const sourceRules: readonly SourceRule[] = [
  ...declarationRules,
  ...readingRules,
  ...recordRules,
  ...singleRules,
  ...faultRules,
  ...conductRules,
]
