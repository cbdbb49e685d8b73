import type { Entity, Source } from '@millrace/core'
import type { SourceScene } from './scene.ts'

/** One sentence that every source must make true. `docs/conformance.md` lists them all. */
export interface SourceRule {
  /** Stable; what a failing test names. */
  id: string
  sentence: string
  /** Why the rule does not concern this kind of record of this source; `undefined` when it does. */
  exempt?: (source: Source, entity: Entity) => string | undefined
  /** Whether the rule is about requests: it does not concern sources that make none. */
  needsServer?: boolean
  /** Throws AssertionError when the source breaks the rule. */
  check: (scene: SourceScene) => Promise<void>
}
