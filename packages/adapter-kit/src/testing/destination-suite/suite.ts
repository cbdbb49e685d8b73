import { afterAll, describe, it } from 'vitest'
import type { DestinationSuiteOptions } from './fake.ts'
import type { DestinationRule } from './rule.ts'
import { destinationRules } from './rules.ts'
import { openScene } from './scene.ts'
import { tellSkipped, type Skipped } from '../tell-skipped.ts'

// A vendor of ten calls a second needs more for some rules than the runner's five seconds.
const timeout = 240_000

/** Checks one rule for one object against a fresh vendor. Throws what the rule throws. */
export async function checkDestinationRule(rule: DestinationRule, object: string, options: DestinationSuiteOptions): Promise<void> {
  const scene = await openScene(options, object)
  try {
    await rule.check(scene)
  } finally {
    await scene.close()
  }
}

/**
 * The conformance suite for destinations, as vitest cases: each rule for each object that the destination declares. Rules that do not concern an object are
 * skipped, and printed with the reason. Each has four minutes, whatever the runner's own limit is.
 */
export function destinationSuite(options: DestinationSuiteOptions): void {
  const destination = options.destination('http://127.0.0.1:9')
  const skipped: Skipped[] = []
  describe(`destination ${destination.name}`, () => {
    for (const object of Object.keys(destination.objects)) {
      describe(object, () => {
        for (const rule of destinationRules) {
          const reason = rule.exempt?.(destination, object)
          if (reason === undefined) it(`${rule.id}: ${rule.sentence}`, { timeout }, () => checkDestinationRule(rule, object, options))
          else {
            it.skip(`${rule.id}: ${reason}`, () => {})
            skipped.push({ part: object, rule: rule.id, reason })
          }
        }
      })
    }
    afterAll(() => tellSkipped(`destination ${destination.name}`, skipped))
  })
}
