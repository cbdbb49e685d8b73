import type { DestinationContext, RemoteConsent } from '@millrace/core'
import { searchContacts } from './consent-request.ts'
import { leftAllProperty } from './consent-status.ts'
import { asText, isObject, member } from './json.ts'
import type { Portal } from './portal.ts'
import { resultsOf } from './results.ts'
import { keyOf, targets } from './target.ts'

/** How far a reading goes back behind the last one: the search index lags (vendor notes, "Batch writes"). */
const overlapMs = 10 * 60_000

/** All opt-outs are read again this often, since nobody promises that an opt-out moves the time by which changes are found. */
const wholeEveryMs = 24 * 60 * 60_000

interface Cursor {
  /** When the last reading began, and the last one of all opt-outs, epoch ms. */
  read: number
  whole: number
}

const parse = (text: string | undefined): Cursor | undefined => {
  if (text === undefined) return undefined
  const [read = Number.NaN, whole = Number.NaN] = text.split('/').map(Number)
  return Number.isFinite(read) && Number.isFinite(whole) ? { read, whole } : undefined
}

/**
 * Contacts that HubSpot shows as opted out of everything or of a subscription type of the contract, by its read-only mirror properties. It tells no times, no
 * opt-ins and no bounces; people without a contact are not found. Opt-ins are asked about before they are written, which finds all that.
 */
export async function* consentChanges(
  portal: Portal,
  since: string | undefined,
  ctx: DestinationContext,
): AsyncGenerator<{ changes: RemoteConsent[]; cursor: string }> {
  const now = ctx.clock.now()
  const before = parse(since)
  const whole = before === undefined || now - before.whole >= wholeEveryMs
  const after = whole ? undefined : before.read - overlapMs
  const cursor = `${now}/${whole ? now : before.whole}`
  const unmoved = since ?? '0/0'
  const schema = await portal.properties(targets.contact.type, ctx.signal)
  const key = keyOf(targets.contact, ctx.contract)
  const mirrors = [
    { property: leftAllProperty, target: undefined },
    ...topicTargets(ctx).map((target) => ({ property: `${leftAllProperty}_${target}`, target })),
  ]
  for (const { property, target } of mirrors) {
    if (!schema.has(property)) continue
    for (let afterId = '0'; ;) {
      const request = searchContacts({ property, properties: ['email', ...(schema.has(key) ? [key] : [])], afterId, since: after })
      const call = 'search of opted-out contacts'
      const reply = await portal.require(request, {
        call,
        signal: ctx.signal,
        idempotent: true,
        bucket: 'search',
        urgent: true,
        exchanged: ctx.exchanged,
      })
      const results = resultsOf(portal, reply, call)
      yield { changes: results.flatMap((entry) => toChange(entry, key, target)), cursor: unmoved }
      const last = asText(member(results.at(-1), 'id'))
      if (last === undefined || Number(last) <= Number(afterId)) break
      afterId = last
    }
  }
  // Only now was everything seen that the cursor stands for.
  yield { changes: [], cursor }
}

const topicTargets = ({ contract }: DestinationContext): string[] => [
  ...new Set(
    Object.values(contract.consent.topics).flatMap(({ channel, target }) => (channel === 'email' && target !== undefined ? [target] : [])),
  ),
]

const toChange = (entry: unknown, keyName: string, target: string | undefined): RemoteConsent[] => {
  const properties = member(entry, 'properties')
  const remoteId = asText(member(entry, 'id'))
  if (remoteId === undefined || !isObject(properties)) return []
  const key = asText(properties[keyName])
  const email = asText(properties['email'])
  return [
    {
      remoteId,
      ...(key === undefined ? {} : { key }),
      ...(email === undefined ? {} : { email }),
      channel: 'email',
      ...(target === undefined ? {} : { target }),
      status: 'denied',
      reason: 'unsubscribed',
    },
  ]
}
