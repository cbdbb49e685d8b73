import type { Input } from '@millrace/core'
import { asList, isObject, member } from './json.ts'

/**
 * What a composite that failed has to know beyond its children's ids: `unlinked` = keys of children that exist but are not linked to it yet, `doubtful` = keys of
 * children that may have been written by a request whose answer was lost.
 */
export interface Progress {
  unlinked: string[]
  doubtful: string[]
}

const strings = (value: unknown): string[] => asList(value).filter((entry) => typeof entry === 'string')

/** Reads what the last outcome of a unit held. */
export const readProgress = ({ progress }: Input): Progress =>
  isObject(progress)
    ? { unlinked: strings(member(progress, 'unlinked')), doubtful: strings(member(progress, 'doubtful')) }
    : { unlinked: [], doubtful: [] }
