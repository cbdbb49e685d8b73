import { isJsonObject, parseJson, type HttpReply, type HttpRequest } from '../../http/index.ts'
import type { Account } from '../account.ts'
import type { RuleId } from '../rules.ts'

/** Path that stands for `https://trackcmp.net/event`. */
export const trackingPath = '/event'

const maxName = 32

/** Takes in an event. Every failure is a 200 with `success: 0`. */
export function track(account: Account, request: HttpRequest, refused: (rule: RuleId) => void): HttpReply {
  const { settings } = account
  const form = new URLSearchParams(isForm(request) ? request.text : '')
  const value = (name: string): string => form.get(name) ?? ''
  const visit = parseJson(value('visit'))
  const email = isJsonObject(visit) && typeof visit['email'] === 'string' ? visit['email'] : ''
  const event = value('event')

  function failure(rule: RuleId, message: string): HttpReply {
    refused(rule)
    return { status: 200, body: { success: 0, message } }
  }

  if (!isForm(request)) return failure('event-form-encoded', 'No event data was received.')
  if (value('actid') !== settings.accountId || value('key') !== settings.eventKey) return failure('event-key', 'Invalid account id or key.')
  if (!account.eventTracking) return failure('event-tracking-enabled', 'Event tracking is not enabled.')
  if (event === '' || event.length > maxName) return failure('event-name-length', 'The event name is invalid.')
  if (email === '') return failure('event-visit-email', 'No visitor was given.')
  if (!account.eventNames.has(event) && settings.unknownEvents === 'refuse') return failure('event-name-known', 'The event does not exist.')
  account.eventNames.add(event)
  account.events.push({ event, eventdata: value('eventdata'), email, at: settings.now() })
  account.triggers.push({ at: settings.now(), kind: 'event', id: event })
  return { status: 200, body: { success: 1, message: 'Event spawned' } }
}

function isForm(request: HttpRequest): boolean {
  return String(request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
}
