import { type Change, MillraceError, type SourceContext } from '@millrace/core'

const attempts = 5

/** The platform still answers with an older version than the one announced: worth trying again. */
export const notVisible = (): MillraceError =>
  new MillraceError({
    code: 'source_version_not_visible',
    message: 'commercetools still answers with an older version than the one announced.',
    retryable: true,
  })

/** The time of reading is no version that could be waited for. */
const isBehind = (change: Change | undefined, atLeast: Record<string, number>): boolean =>
  change !== undefined &&
  Object.entries(atLeast).some(([part, version]) => part !== 'readAt' && (change.version[part] ?? version) < version)

/**
 * Reads until no part of the version is older than `atLeast`: a notification may arrive before the platform's replicas have what it speaks of. Gives up
 * after about four seconds with a retryable MillraceError `source_version_not_visible` of scope `record`.
 */
export const waitForVersion = async (
  read: () => Promise<Change | undefined>,
  atLeast: Record<string, number> | undefined,
  ctx: SourceContext,
): Promise<Change | undefined> => {
  for (let made = 1; ; made++) {
    const change = await read()
    if (atLeast === undefined || !isBehind(change, atLeast)) return change
    if (made === attempts) break
    await ctx.clock.sleep(125 * 2 ** made, ctx.signal)
  }
  throw notVisible()
}
