import type { Entity, Source } from '@millrace/core'
import { afterAll, describe, it } from 'vitest'
import { tellSkipped, type Skipped } from '../tell-skipped.ts'
import type { SourceFake, SourceSuiteOptions } from './fake.ts'
import type { SourceRule } from './rule.ts'
import { sourceRules } from './rules.ts'
import { openScene } from './scene.ts'

const timeout = 120_000

/** Checks one rule for one kind of record against a fresh shop. Throws what the rule throws. */
export async function checkSourceRule<Fake extends SourceFake>(
  rule: SourceRule,
  entity: Entity,
  options: SourceSuiteOptions<Fake>,
): Promise<void> {
  const scene = await openScene(options, entity)
  try {
    await rule.check(scene)
  } finally {
    await scene.close()
  }
}

const exempted = (rule: SourceRule, source: Source, entity: Entity, asksServer: boolean): string | undefined =>
  rule.needsServer === true && !asksServer ? 'it asks no server' : rule.exempt?.(source, entity)

/**
 * The conformance suite for sources, as vitest cases: each rule for each kind of record that the source has. Rules that do not concern one are skipped, and printed
 * with the reason. `asksServer: false` = a source that makes no requests, whose fake has no `url`.
 */
export function sourceSuite<Fake extends SourceFake>(options: SourceSuiteOptions<Fake> & { asksServer?: boolean }): void {
  const source = options.source('http://127.0.0.1:9')
  const skipped: Skipped[] = []
  describe(`source ${source.name}`, () => {
    for (const entity of source.entities) {
      describe(entity, () => {
        for (const rule of sourceRules) {
          const reason = exempted(rule, source, entity, options.asksServer ?? true)
          if (reason === undefined) it(`${rule.id}: ${rule.sentence}`, { timeout }, () => checkSourceRule(rule, entity, options))
          else {
            it.skip(`${rule.id}: ${reason}`, () => {})
            skipped.push({ part: entity, rule: rule.id, reason })
          }
        }
      })
    }
    afterAll(() => tellSkipped(`source ${source.name}`, skipped))
  })
}
