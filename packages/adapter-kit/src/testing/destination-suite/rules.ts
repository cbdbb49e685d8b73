import type { DestinationRule } from './rule.ts'
import { conductRules } from './rules/conduct.ts'
import { consentRules } from './rules/consent.ts'
import { declarationRules } from './rules/declaration.ts'
import { eventRules } from './rules/events.ts'
import { faultRules } from './rules/faults.ts'
import { membershipRules } from './rules/memberships.ts'
import { outcomeRules } from './rules/outcomes.ts'
import { readingRules } from './rules/reading.ts'
import { removalRules } from './rules/removal.ts'
import { valueRules } from './rules/values.ts'

/** Every rule of the destination suite, in the order of `docs/conformance.md`. */
export const destinationRules: readonly DestinationRule[] = [
  ...declarationRules,
  ...outcomeRules,
  ...valueRules,
  ...faultRules,
  ...conductRules,
  ...readingRules,
  ...removalRules,
  ...membershipRules,
  ...consentRules,
  ...eventRules,
]
