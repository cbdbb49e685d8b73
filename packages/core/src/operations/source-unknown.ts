import type { Engine } from '../engine/engine.ts'
import { MillraceError } from '../error.ts'

/** Says that the config has no source of this name, and which it has. */
export const sourceUnknown = (engine: Engine, name: string): MillraceError =>
  new MillraceError({
    code: 'source_unknown',
    message: `There is no source named ${name}. The config has: ${[...engine.sources.keys()].join(', ')}.`,
  })
