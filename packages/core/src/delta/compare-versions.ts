import type { SourceVersion } from '../model/change.ts'

/**
 * How `incoming` relates to `stored`. `newer` = no part older and one newer (a part that is new counts as newer; one that is gone counts only when nothing
 * else moved). `mixed` = some parts newer and some older: neither can be trusted, the record has to be read again.
 */
export const compareVersions = (stored: SourceVersion, incoming: SourceVersion): 'same' | 'newer' | 'older' | 'mixed' => {
  let newer = false
  let older = false
  let gone = false
  for (const [part, version] of Object.entries(incoming)) {
    const before = stored[part]
    if (before === undefined || version > before) newer = true
    else if (version < before) older = true
  }
  for (const part of Object.keys(stored)) if (!(part in incoming)) gone = true
  if (newer && older) return 'mixed'
  if (newer) return 'newer'
  return older || gone ? 'older' : 'same'
}
