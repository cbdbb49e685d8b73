import type { Destination } from '@millrace/core'
import type { Scene } from './scene.ts'

/** One sentence that every destination must make true. `docs/conformance.md` lists them all. */
export interface DestinationRule {
  /** Stable; what a failing test names. */
  id: string
  sentence: string
  /** Why the rule does not concern this object of this destination; `undefined` when it does. */
  exempt?: (destination: Destination, object: string) => string | undefined
  /** Throws AssertionError when the destination breaks the rule. */
  check: (scene: Scene) => Promise<void>
}
