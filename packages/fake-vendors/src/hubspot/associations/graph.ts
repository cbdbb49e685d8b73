import type { ObjectTypeName } from '../object-types.ts'
import { associationTypes, type AssociationType } from './types.ts'

/** All associations of a portal, kept in both directions. Ids are current ids of living records. */
export interface AssociationGraph {
  /** Adds a link; adding it again changes nothing. */
  add(type: AssociationType, fromId: string, toId: string): void
  /** Takes links of one pair away, all or only the given types. */
  remove(from: ObjectTypeName, fromId: string, to: ObjectTypeName, toId: string, typeIds?: readonly number[]): void
  /** Takes every link of a record away. */
  removeAll(type: ObjectTypeName, id: string): void
  /** Ids linked to a record with their type ids, in the order of linking. */
  linked(from: ObjectTypeName, fromId: string, to: ObjectTypeName): ReadonlyMap<string, ReadonlySet<number>>
  /** Hands every link of one record over to another. */
  move(type: ObjectTypeName, fromId: string, toId: string): void
  /** Number of linked pairs between two types. */
  count(from: ObjectTypeName, to: ObjectTypeName): number
}

type Links = Map<string, Map<string, Set<number>>>

function directionsOf(type: ObjectTypeName): ObjectTypeName[] {
  return [...new Set(associationTypes.filter(({ from }) => from === type).map(({ to }) => to))]
}

/** Creates an empty graph. */
export function createGraph(): AssociationGraph {
  const directions = new Map<string, Links>()
  const nothing: ReadonlyMap<string, ReadonlySet<number>> = new Map()
  const reverseIds = new Map(associationTypes.map((type) => [type.typeId, type.reverseId]))

  function links(from: ObjectTypeName, to: ObjectTypeName): Links {
    const key = `${from}>${to}`
    let found = directions.get(key)
    if (found === undefined) directions.set(key, (found = new Map()))
    return found
  }
  function put(from: ObjectTypeName, fromId: string, to: ObjectTypeName, toId: string, typeId: number): void {
    const all = links(from, to)
    let targets = all.get(fromId)
    if (targets === undefined) all.set(fromId, (targets = new Map()))
    const types = targets.get(toId)
    if (types === undefined) targets.set(toId, new Set([typeId]))
    else types.add(typeId)
  }
  function cut(from: ObjectTypeName, fromId: string, to: ObjectTypeName, toId: string, typeIds: readonly number[] | undefined): void {
    const all = links(from, to)
    const targets = all.get(fromId)
    const types = targets?.get(toId)
    if (targets === undefined || types === undefined) return
    if (typeIds !== undefined) for (const typeId of typeIds) types.delete(typeId)
    if (typeIds !== undefined && types.size > 0) return
    targets.delete(toId)
    if (targets.size === 0) all.delete(fromId)
  }

  const graph: AssociationGraph = {
    add(type, fromId, toId) {
      put(type.from, fromId, type.to, toId, type.typeId)
      put(type.to, toId, type.from, fromId, type.reverseId)
    },
    remove(from, fromId, to, toId, typeIds) {
      cut(from, fromId, to, toId, typeIds)
      cut(
        to,
        toId,
        from,
        fromId,
        typeIds?.map((typeId) => reverseIds.get(typeId) ?? typeId),
      )
    },
    removeAll(type, id) {
      for (const to of directionsOf(type)) for (const toId of graph.linked(type, id, to).keys()) graph.remove(type, id, to, toId)
    },
    linked: (from, fromId, to) => directions.get(`${from}>${to}`)?.get(fromId) ?? nothing,
    move(type, fromId, toId) {
      for (const to of directionsOf(type)) {
        for (const [otherId, typeIds] of graph.linked(type, fromId, to)) {
          for (const typeId of typeIds) {
            put(type, toId, to, otherId, typeId)
            put(to, otherId, type, toId, reverseIds.get(typeId) ?? typeId)
          }
        }
      }
      graph.removeAll(type, fromId)
    },
    count(from, to) {
      let total = 0
      for (const targets of links(from, to).values()) total += targets.size
      return total
    },
  }
  return graph
}
