import type { Membership } from '../spec/destination.ts'
import type { Settlement } from '../spec/store.ts'
import { settlementOf, type Prepared } from './prepared.ts'

/** The name under which an outcome's `objects` keep a list or tag that we put a person into: `list:shop:store:berlin`. */
export const membershipKey = ({ kind, name }: Membership): string => `${kind}:${name}`

/**
 * Children, lists and tags that are about to be sent for the first time, noted without a remote id before they go. A child that was written and not yet linked when the process
 * died could not be found by anybody afterwards, and would stay behind if the unit loses it meanwhile.
 */
export const noteChildren = (sendable: readonly Extract<Prepared, { send: unknown }>[]): Settlement[] =>
  sendable.flatMap(({ claimed, send }): Settlement[] => {
    // Of memberships that did not change nothing is sent: one that was there before us must not look like ours.
    const memberships = send.membershipsChanged ? send.memberships.map(membershipKey) : []
    const keys = [...send.children.map(({ key }) => key), ...memberships]
    const fresh = keys.filter((key) => !Object.hasOwn(claimed.objects, key))
    if (fresh.length === 0) return []
    const objects = { ...claimed.objects, ...Object.fromEntries(fresh.map((key) => [key, ''])) }
    return [{ ...settlementOf(claimed), to: 'sending', objects }]
  })
