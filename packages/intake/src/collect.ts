import { isMillraceError, readBody, type CollectContext, type Collected, type Collector, type EventInput } from '@millrace/core'
import { browserCalls } from './collect-browser.ts'
import { parseServerBody } from './collect-body.ts'
import { collectSettingsSchema, type CollectSettings } from './collect-settings.ts'
import { readJson, unauthorized } from './refuse.ts'
import { isSampled, sampledTypes } from './sampling.ts'
import { readSettings } from './settings.ts'
import { verifySignature } from './signature.ts'

const maxServerBytes = 512 * 1024

const statusOf: Readonly<Record<string, number>> = {
  notification_unauthorized: 401,
  notification_malformed: 400,
  notification_too_large: 413,
  event_invalid: 400,
}

/**
 * Takes events that no record tells from servers (signed requests) and, where `browser` is set, from pages. 204 when they are kept durably; refusals are 400, 401,
 * 403, 405, 413 or 429 without a word more. Throws MillraceError `setting_invalid`.
 */
export const collect = (given: CollectSettings): Collector => {
  const { secret, maxAgeMs, browser, sample } = readSettings('collect', collectSettingsSchema, given)
  const secrets = [secret ?? []].flat()
  const pages = browser === undefined ? undefined : browserCalls(browser)

  const isKept = ({ type, subject, id }: EventInput): boolean => {
    const sampled = sampledTypes.find((each) => each === type)
    const { anonymousId, customerId, email } = subject
    return sampled === undefined || isSampled(anonymousId ?? customerId ?? email ?? id, sample[sampled] ?? 1)
  }
  const keep = async (ctx: CollectContext, { events, identities }: Collected): Promise<Response> => {
    const kept = events.filter(isKept)
    if (kept.length + identities.length > 0) await ctx.keep({ events: kept, identities })
    return new Response(null, { status: 204 })
  }

  const fromServer = async (request: Request, ctx: CollectContext): Promise<Response> => {
    if (request.method !== 'POST') return new Response(null, { status: 405 })
    const now = ctx.clock.now()
    const headers = Object.fromEntries(request.headers)
    const bytes = await verifySignature({ secrets, headers, body: () => readBody(request, maxServerBytes), now, maxAgeMs })
    return keep(ctx, parseServerBody(readJson(bytes), now))
  }

  /** A refusal by what was thrown; what is no fault of the sender goes on. */
  const refused = (thrown: unknown, ctx: CollectContext): Response => {
    const status = isMillraceError(thrown) ? statusOf[thrown.code] : undefined
    if (status === undefined) throw thrown
    ctx.logger.debug({ status, reason: isMillraceError(thrown) ? thrown.message : '' }, 'Events were refused')
    return new Response(null, { status })
  }

  return {
    specificationVersion: 'v1',
    name: 'collect',
    async handle(request, ctx) {
      const isSigned = request.headers.has('x-millrace-signature')
      if (!isSigned && pages !== undefined)
        return pages(request, ctx, async (read) => {
          try {
            return await keep(ctx, await read())
          } catch (thrown) {
            return refused(thrown, ctx)
          }
        })
      try {
        if (secrets.length === 0) throw unauthorized('Signed requests are not taken here.')
        return await fromServer(request, ctx)
      } catch (thrown) {
        return refused(thrown, ctx)
      }
    },
  }
}
