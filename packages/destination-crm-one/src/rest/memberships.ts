import { membershipKey, type DestinationContext, type Input, type Outcome } from '@millrace/core'
import { mapConcurrent } from '@millrace/adapter-kit'
import { refusal, type Api } from '../api.ts'
import { classOf } from '../dialect/classify.ts'
import { capabilityMissing } from '../errors.ts'
import { idempotencyKey } from '../identity.ts'
import { asList, member as partOf } from '../json.ts'
import { failed } from '../outcome.ts'
import type { CrmList } from '../schema.ts'
import { isGranted } from './consent.ts'
import { readPerson } from './contact.ts'
import { runWrites, type Write } from './run-writes.ts'
import { consentRequired, listUnknown } from './refusals.ts'

/** A contact that was written and is to be in lists. */
export interface Member {
  input: Input
  outcome: Outcome
}

type ListWrite = Write & { member: Member; name: string; joins: boolean; listId: string }

const readers = 6

/**
 * What is to be done: lists to join, and lists that we added and that are no longer wanted. Lists that others added are not looked at. An entry without an id was
 * on its way when an attempt broke off: it may be there or not.
 */
export const membershipChanges = ({ memberships, objects }: Input): { join: string[]; leave: string[] } => {
  const wanted = new Set(memberships.map(membershipKey))
  const added = Object.keys(objects).filter((name) => name.startsWith('list:'))
  return {
    join: [...wanted].filter((name) => (objects[name] ?? '') === ''),
    leave: added.filter((name) => !wanted.has(name)),
  }
}

/**
 * Puts contacts that were written into their lists and takes them out of those that we added. A list needs a granted consent: without it nothing is sent, and
 * the record says so.
 */
export async function* settleMemberships(api: Api, members: readonly Member[], ctx: DestinationContext): AsyncGenerator<Outcome[]> {
  const plain = members.filter(({ outcome, input }) => outcome.result !== 'delivered' || isUntouched(input))
  if (plain.length > 0) yield plain.map(({ outcome }) => outcome)
  const affected = members.filter((member) => !plain.includes(member))
  if (affected.length === 0) return
  const lists = await listsFor(api, affected, ctx)
  const planned = mapConcurrent(affected, readers, async function* (member) {
    yield { member, plan: await planOf(api, member, lists, ctx) }
  })
  const states = new Map<Member, { objects: Record<string, string>; failure: Outcome | undefined; open: number }>()
  const writes: ListWrite[] = []
  for await (const { member, plan } of planned) {
    states.set(member, { objects: { ...member.input.objects }, failure: plan.failure, open: plan.writes.length })
    writes.push(...plan.writes)
  }
  for await (const written of runWrites(api, writes, ctx)) {
    for (const [write, answer] of written) {
      const state = states.get(write.member)
      if (state === undefined) continue
      const gone = !write.joins && classOf(api.dialect, answer) === 'not-found'
      if (!answer.ok && !gone) {
        state.failure ??= failed(write.member.input, refusal(api, answer, `list ${write.listId}`, ctx))
        state.open -= 1
        continue
      }
      state.open -= 1
      if (write.joins) state.objects[write.name] = write.listId
      else delete state.objects[write.name]
    }
  }
  yield [...states].flatMap(([{ outcome }, { objects, failure, open }]) => {
    const remoteId = outcome.remoteId === undefined ? {} : { remoteId: outcome.remoteId }
    if (failure !== undefined) return [{ ...failure, ...remoteId, objects }]
    // A list whose answer is missing: the contact is written again.
    return open > 0 ? [] : [{ ...outcome, objects }]
  })
}

/** The lists of the CRM, read again where one that is wanted is not among those known: it may have been made meanwhile. */
const listsFor = async (api: Api, members: readonly Member[], ctx: DestinationContext): Promise<readonly CrmList[]> => {
  const { lists } = await api.schema(ctx)
  const wanted = members.flatMap(({ input }) => membershipChanges(input).join)
  if (wanted.every((name) => listNamed(lists, name) !== undefined)) return lists
  api.forgetSchema()
  return (await api.schema(ctx)).lists
}

const listNamed = (lists: readonly CrmList[], name: string): CrmList | undefined =>
  lists.find(({ id, name: label }) => `list:${id}` === name || `list:${label}` === name)

const isUntouched = (input: Input): boolean => {
  const { join, leave } = membershipChanges(input)
  return join.length === 0 && leave.length === 0
}

const planOf = async (
  api: Api,
  member: Member,
  lists: readonly CrmList[],
  ctx: DestinationContext,
): Promise<{ writes: ListWrite[]; failure: Outcome | undefined }> => {
  const { input, outcome } = member
  const { joinList, leaveList } = api.dialect.operations
  const remoteId = outcome.remoteId ?? ''
  const { join, leave } = membershipChanges(input)
  if (joinList === undefined || leaveList === undefined) {
    return { writes: [], failure: failed(input, capabilityMissing(api.dialect, 'keep lists')) }
  }
  let failure: Outcome | undefined
  const write = (name: string, listId: string, joins: boolean): ListWrite => ({
    member,
    name,
    joins,
    listId,
    operation: joins ? joinList : leaveList,
    values: { list: listId, remoteId },
    what: joins ? 'joining a list' : 'leaving a list',
    idempotencyKey: idempotencyKey('list', joins, listId, remoteId, input.fence),
  })
  const writes = leave.flatMap((name) => {
    const listId = input.objects[name] === '' ? listNamed(lists, name)?.id : input.objects[name]
    return listId === undefined ? [] : [write(name, listId, false)]
  })
  const found = join.length === 0 ? undefined : await readPerson(api, remoteId, input.key, ctx)
  const contact = found !== undefined && 'contact' in found ? found.contact : undefined
  for (const name of join) {
    const list = listNamed(lists, name)
    // Somebody else put the person there, unless an attempt of ours may have.
    const isTheirs = list !== undefined && input.objects[name] === undefined && asList(partOf(contact?.body, 'lists')).includes(list.id)
    if (isTheirs) continue
    if (list === undefined) failure ??= failed(input, listUnknown(api.dialect, name))
    else if (contact !== undefined && isGranted(contact, list)) writes.push(write(name, list.id, true))
    else failure ??= failed(input, consentRequired(api.dialect, `list ${list.id}`, list))
  }
  return { writes, failure }
}
