import type { DestinationContext, PlanChange } from '@millrace/core'
import { documentOf } from '../objects.ts'
import type { Account } from './account.ts'
import { collectionOf, createCollection, type Collection } from './collections.ts'
import { dataFieldName, readDataFields, wantedDataFields } from './data-fields.ts'
import { asList, asText, isObject, member } from './json.ts'

const drift = (target: string, path: string, have: unknown, want: unknown): PlanChange => ({
  action: 'drift',
  target,
  differences: [{ path, have, want }],
  destructive: false,
})

const create = (target: string, shape: Readonly<Record<string, unknown>>, details: object): PlanChange => ({
  action: 'create',
  target,
  differences: Object.entries(shape).map(([path, want]) => ({ path, have: undefined, want })),
  destructive: false,
  details,
})

/** Data fields that are missing. They cannot be changed, so another type is drift. */
const planDataFields = async (account: Account): Promise<PlanChange[]> => {
  const have = await readDataFields(account)
  return [...wantedDataFields(account.ctx.contract)].flatMap(([name, type]): PlanChange[] => {
    const target = `data field ${name}`
    const known = have.get(name)
    if (known !== undefined) return known.toLowerCase() === type.toLowerCase() ? [] : [drift(target, 'type', known, type)]
    if (!dataFieldName.test(name))
      return [drift(target, 'name', name, 'at most 20 letters, digits, hyphens and underscores: a shorter name or prefix')]
    return [create(target, { type, visibility: 'Private' }, { kind: 'data field', name, type })]
  })
}

/** Lists are chosen by people: one that is not there is drift. */
const planLists = async (account: Account): Promise<PlanChange[]> => {
  const changes: PlanChange[] = []
  for (const id of account.settings.lists) {
    const reply = await account.send({ method: 'GET', path: `/v2/address-books/${id}`, call: `list ${id}`, tier: 'high' })
    if (reply.status === 404) changes.push(drift(`list ${id}`, 'exists', false, true))
  }
  return changes
}

const wantedCollections = (account: Account, { contract }: DestinationContext): Collection[] =>
  Object.entries(documentOf)
    .filter(([object]) => Object.hasOwn(contract.objects, object))
    .map(([, kind]) => collectionOf(kind, account.settings, contract))

/** Collections that are missing. Scope and type of one that is there do not change. */
const planCollections = async (account: Account): Promise<PlanChange[]> => {
  const wanted = wantedCollections(account, account.ctx)
  if (wanted.length === 0) return []
  const reply = await account.require({ method: 'GET', path: '/insightData/v3/collections', call: 'collections', tier: 'high' })
  const have = new Map(asList(reply.body).map((entry) => [asText(member(entry, 'collectionName')) ?? '', entry]))
  return wanted.flatMap(({ name, scope, type }): PlanChange[] => {
    const target = `collection ${name}`
    const known = have.get(name)
    if (known === undefined) return [create(target, { scope, type }, { kind: 'collection', name, scope, type })]
    const [hasScope, hasType] = [asText(member(known, 'collectionScope')), asText(member(known, 'collectionType'))]
    if (hasScope !== undefined && hasScope.toLowerCase() !== scope) return [drift(target, 'scope', hasScope, scope)]
    return hasType !== undefined && hasType.toLowerCase() !== type.toLowerCase() ? [drift(target, 'type', hasType, type)] : []
  })
}

/** What has to be made so that the contract fits. Nothing is ever deleted or changed. */
export const planAccount = async (account: Account): Promise<PlanChange[]> => [
  ...(await planDataFields(account)),
  ...(await planLists(account)),
  ...(await planCollections(account)),
]

/** Makes what the plan names; what somebody made meanwhile stays. */
export const applyToAccount = async (account: Account, changes: readonly PlanChange[]): Promise<void> => {
  for (const { details } of changes) {
    if (!isObject(details)) continue
    const { kind, name, type } = details
    if (kind === 'collection') await createCollection(account, collectionFrom(details))
    if (kind !== 'data field') continue
    const call = 'making of a data field'
    const reply = await account.send({
      method: 'POST',
      path: '/v2/data-fields',
      body: { name, type, visibility: 'Private' },
      call,
      tier: 'medium',
    })
    if (reply.status >= 300 && !(await readDataFields(account)).has(String(name))) {
      await account.require({ method: 'POST', path: '/v2/data-fields', body: { name, type, visibility: 'Private' }, call, tier: 'medium' })
    }
  }
}

const collectionFrom = (details: Readonly<Record<string, unknown>>): Collection => ({
  name: String(details['name']),
  scope: details['scope'] === 'account' ? 'account' : 'contact',
  type: details['type'] === 'catalog' ? 'catalog' : details['type'] === 'orders' ? 'orders' : 'cartInsight',
})
