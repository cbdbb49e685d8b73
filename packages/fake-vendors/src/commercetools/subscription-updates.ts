import { type HttpReply, type HttpRequest, isJsonObject, parseJson } from '../http/message.ts'
import type { Target } from './endpoints.ts'
import { platformError } from './errors.ts'
import { copy, type Resource, timestamp } from './resource.ts'
import type { ShopStorage } from './storage.ts'

interface Update {
  version: number
  actions: ({ action: string } & Record<string, unknown>)[]
}

/** Which field each action sets, and what it is called in the action. */
const actions: Readonly<Record<string, string>> = {
  setChanges: 'changes',
  setMessages: 'messages',
  changeDestination: 'destination',
  setKey: 'key',
}

/**
 * Answers updates of a subscription, which the mock does not know: docs.commercetools.com/api/projects/subscriptions#update-subscription. There is no action for the
 * format. Undefined for every other request.
 */
export function answerSubscriptionUpdate(storage: ShopStorage, request: HttpRequest, target: Target, now: number): HttpReply | undefined {
  const [name] = target.rest
  if (request.method !== 'POST' || target.segment !== 'subscriptions' || name === undefined) return undefined
  const rows = storage.collection('subscription')
  const found = name.startsWith('key=') ? rows.getByKey(name.slice('key='.length)) : rows.get(name)
  if (found === undefined) return platformError(404, 'ResourceNotFound', `The Resource with '${name}' was not found.`)
  const update = readUpdate(request)
  if (update === undefined) return platformError(400, 'InvalidJsonInput', 'Request body does not contain valid JSON.')
  if (update.version !== found.version)
    return platformError(409, 'ConcurrentModification', `Object ${found.id} has a different version than expected.`, {
      currentVersion: found.version,
    })
  const changed: Resource = copy(found)
  for (const action of update.actions) {
    const field = actions[action.action]
    if (field === undefined) return platformError(400, 'InvalidInput', `Unknown action '${action.action}'.`)
    changed[field] = action[field]
  }
  changed.version = found.version + 1
  changed.lastModifiedAt = timestamp(now)
  rows.set(changed)
  return { status: 200, body: copy(changed) }
}

function readUpdate({ text }: HttpRequest): Update | undefined {
  const body = parseJson(text)
  if (!isJsonObject(body)) return undefined
  const { version, actions: list } = body
  return typeof version === 'number' && Array.isArray(list) ? { version, actions: list } : undefined
}
