import { membershipChanges } from '@millrace/adapter-kit'
import { isMillraceError, membershipKey, MillraceError, type DestinationContext, type Input } from '@millrace/core'
import { asList, member } from './json.ts'
import type { Linkable } from './link-parents.ts'
import { isListKey } from './lists.ts'
import type { Portal } from './portal.ts'
import { sdk, sdkRequest } from './sdk.ts'

/** What became of the lists of one contact: what is ours now, and what did not work. */
export interface Listed {
  objects: Record<string, string>
  error?: MillraceError
}

/** Everything that happens to one list in one call. */
interface ListChange {
  name: string
  id: string
  add: Set<Linkable>
  remove: Set<Linkable>
}

/** Whether a written contact needs a request for its lists. */
export const needsListing = (written: Linkable): boolean => {
  const { add, remove } = membershipChanges(written.input, written.created)
  return add.length + remove.length > 0
}

const missing = (name: string): MillraceError =>
  new MillraceError({
    code: 'list_missing',
    field: name,
    message: `HubSpot has no static list "${name}". Run \`millrace plan\` and \`millrace apply\` when the contract names it, else create it there by hand; then replay.`,
  })

/** Puts written contacts into their lists and out of those that are ours and no longer wanted: one request for each list. Never throws a MillraceError. */
export const changeLists = async (
  portal: Portal,
  written: readonly Linkable[],
  { signal }: Pick<DestinationContext, 'signal'>,
): Promise<Map<Input, Listed>> => {
  const results = new Map<Input, Listed>()
  const open = written.filter(needsListing)
  if (open.length === 0) return results
  for (const { input, created } of open) {
    const kept = Object.entries(input.objects).filter(([key]) => !created || !isListKey(key))
    results.set(input, { objects: Object.fromEntries(kept) })
  }
  try {
    const changes = await collectChanges(portal, open, results, signal)
    for (const change of changes) await changeList(portal, change, results, signal)
  } catch (error) {
    if (!isMillraceError(error)) throw error
    for (const { input } of open) fail(results, input, error)
  }
  return results
}

const fail = (results: Map<Input, Listed>, input: Input, error: MillraceError): void => {
  const listed = results.get(input)
  if (listed !== undefined) listed.error ??= error
}

const collectChanges = async (
  portal: Portal,
  open: readonly Linkable[],
  results: Map<Input, Listed>,
  signal: AbortSignal,
): Promise<ListChange[]> => {
  const lists = await portal.lists(signal)
  const changes = new Map<string, ListChange>()
  const changeOf = (id: string, name: string): ListChange => {
    const known = changes.get(id) ?? { id, name, add: new Set(), remove: new Set() }
    changes.set(id, known)
    return known
  }
  for (const one of open) {
    const { add, remove } = membershipChanges(one.input, one.created)
    for (const { name } of add) {
      const list = lists.find(name)
      if (list?.isStatic === true) changeOf(list.id, name).add.add(one)
      else fail(results, one.input, missing(name))
    }
    for (const { name, id } of remove) {
      const known = id === '' ? lists.find(name)?.id : id
      if (known !== undefined) changeOf(known, name).remove.add(one)
      else delete results.get(one.input)?.objects[`list:${name}`]
    }
  }
  return [...changes.values()]
}

const strings = (value: unknown): Set<string> => new Set(asList(value).filter((entry) => typeof entry === 'string'))

const changeList = async (
  portal: Portal,
  { id, name, add, remove }: ListChange,
  results: Map<Input, Listed>,
  signal: AbortSignal,
): Promise<void> => {
  const key = membershipKey({ kind: 'list', name })
  const ids = (of: ReadonlySet<Linkable>): string[] => [...new Set([...of].map(({ remoteId }) => remoteId))]
  const body = { recordIdsToAdd: ids(add), recordIdsToRemove: ids(remove) }
  const call = 'change of list members'
  try {
    const reply = await portal.send(sdkRequest(sdk.listMemberships.addAndRemove(id, body)), { call, signal, idempotent: true })
    // Somebody deleted the list: whom we had put into it is in it no longer.
    const gone = reply.status === 404
    if (!gone && (reply.status < 200 || reply.status >= 300)) throw portal.error(reply, call)
    const answer = member(reply.body, 'recordIdsMissing')
    if (!gone && !Array.isArray(answer)) throw silent()
    // The vendor's documents spell it both ways.
    const added = new Set([...strings(member(reply.body, 'recordsIdsAdded')), ...strings(member(reply.body, 'recordIdsAdded'))])
    const unknown = strings(answer)
    for (const { input } of remove) delete results.get(input)?.objects[key]
    for (const { input, remoteId } of add) {
      const listed = results.get(input)
      if (gone || unknown.has(remoteId)) fail(results, input, gone ? missing(name) : vanished(name))
      else if (listed !== undefined && (added.has(remoteId) || listed.objects[key] === '')) listed.objects[key] = id
    }
  } catch (error) {
    if (!isMillraceError(error)) throw error
    for (const { input } of add) {
      const listed = results.get(input)
      if (listed !== undefined) listed.objects[key] ??= ''
    }
    for (const { input } of [...add, ...remove]) fail(results, input, error)
  }
}

const silent = (): MillraceError =>
  new MillraceError({
    code: 'unconfirmed',
    retryable: true,
    message: 'HubSpot answered without saying what became of the members of a list. They are sent again.',
    context: { applied: 'unknown' },
  })

const vanished = (name: string): MillraceError =>
  new MillraceError({
    code: 'not_found',
    retryable: true,
    field: name,
    message: 'HubSpot no longer had the contact when it was to be put into a list. It is written again.',
  })
