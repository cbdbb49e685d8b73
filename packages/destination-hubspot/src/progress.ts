import type { Input } from '@millrace/core'
import { asList, isObject, member } from './json.ts'

/**
 * What a composite has to know beyond its children's ids: `links` = parents it is linked to (`contact:51`), `unlinked` = keys of children that exist but are not
 * linked to it yet.
 */
export interface Progress {
  links: string[]
  unlinked: string[]
}

const strings = (value: unknown): string[] => asList(value).filter((entry) => typeof entry === 'string')

/** Reads what the last outcome of a unit held; undefined when there is none. */
export const readProgress = ({ progress }: Input): Progress | undefined =>
  isObject(progress) ? { links: strings(member(progress, 'links')), unlinked: strings(member(progress, 'unlinked')) } : undefined
