import { foldEmail } from '@millrace/adapter-kit'
import type { ConsentSubject, DestinationContext, RemoteConsent } from '@millrace/core'
import type { Account } from './account.ts'
import { readStatuses, type ListStatus } from './list-status.ts'
import { findByEmail } from './read-contact.ts'

/** A list status in the words of the contract. Unconfirmed is no consent: it waits for the person's click. */
export const toRemoteConsent = ({
  list,
  status,
  at,
}: ListStatus): Pick<RemoteConsent, 'channel' | 'target' | 'status' | 'at' | 'reason'> => ({
  channel: 'email',
  target: list,
  status: status === '1' ? 'granted' : status === '0' ? 'unknown' : 'denied',
  ...(at === undefined ? {} : { at }),
  ...(status === '2' ? { reason: 'unsubscribed' as const } : status === '3' ? { reason: 'bounced' as const } : {}),
})

/** How people stand on every list they were ever on, one or two requests each. SMS consent cannot be read. */
export const consentOf = async (account: Account, people: readonly ConsentSubject[], ctx: DestinationContext): Promise<RemoteConsent[]> => {
  const found: RemoteConsent[] = []
  for (const { key, remoteId, email } of people) {
    const byId = remoteId === undefined ? undefined : await readStatuses(account.client, remoteId, ctx.signal)
    const other = byId !== undefined || email === undefined ? undefined : (await findByEmail(account.client, email, ctx.signal))?.id
    const statuses = byId ?? (other === undefined ? undefined : await readStatuses(account.client, other, ctx.signal))
    const who = {
      key,
      ...(other === undefined ? {} : { remoteId: other }),
      ...(byId === undefined || remoteId === undefined ? {} : { remoteId }),
    }
    const address = email === undefined ? {} : { email: foldEmail(email) }
    for (const row of statuses?.values() ?? []) found.push({ ...who, ...address, ...toRemoteConsent(row) })
  }
  return found
}
