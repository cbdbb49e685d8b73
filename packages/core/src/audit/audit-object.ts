import type { AuditedObject, AuditFinding } from '../api/audit-report.ts'
import { fieldName } from '../contract/contract.ts'
import { prepare } from '../delivery/prepare.ts'
import type { Connection } from '../engine/connection.ts'
import { destinationContext, type Engine } from '../engine/engine.ts'
import type { Input } from '../spec/destination.ts'
import type { Claimed, Delivery } from '../spec/store.ts'
import { differingFields } from './compare-fields.ts'
import { remoteObjects } from './remote-objects.ts'
import { sampleDeliveries } from './sample.ts'

interface Task {
  engine: Engine
  connection: Connection
  object: string
  signal: AbortSignal
}

const atOnce = 100

/** Audits objects of one kind; undefined where the destination cannot be asked for them. */
export const auditObject = async (
  task: Task,
  { seed, size }: { seed: string; size: number },
): Promise<{ totals: AuditedObject; findings: AuditFinding[] } | undefined> => {
  const { engine, connection, object, signal } = task
  const { delivered, rows } = await sampleDeliveries(engine.store, { connection: connection.name, object, seed, size, signal })
  const findings: AuditFinding[] = []
  let compared = 0
  for (let at = 0; at < rows.length; at += atOnce) {
    const inputs = await wouldSend(task, rows.slice(at, at + atOnce))
    const found = await auditInputs(task, inputs)
    if (found === undefined) return undefined
    compared += inputs.length
    findings.push(...found)
  }
  const wrong = new Set(findings.map(({ unit }) => unit)).size
  return { totals: { delivered, compared, agree: compared - wrong }, findings }
}

/** What a replay of rows would send: everything that should be at the destination now. Nothing is written, here or there. */
const wouldSend = async ({ engine, connection, signal }: Task, rows: readonly Delivery[]): Promise<Input[]> => {
  const claimed = rows.map((row): Claimed => ({
    ...row,
    cause: 'replay',
    sending: row.wanted,
    uncertain: false,
    fence: 0,
    changedAt: null,
  }))
  const prepared = await prepare(engine, connection, claimed, undefined, new Set(), signal)
  return prepared.flatMap((item) => ('send' in item && item.send.operation === 'upsert' ? [item.send] : []))
}

const auditInputs = async (task: Task, inputs: readonly Input[]): Promise<AuditFinding[] | undefined> => {
  const { engine, connection, object, signal } = task
  const { fields: rules = {} } = connection.contract.objects[object] ?? {}
  const known = connection.spec(object).fields
  const remoteIds = inputs.flatMap(({ remoteId }) => remoteId ?? [])
  const there = await remoteObjects(engine, connection, { object, remoteIds, fields: Object.keys(rules) }, signal)
  if (there === undefined) return undefined
  const [lines, parents, duplicates] = [
    await wrongLines(task, inputs),
    await missingParents(task, inputs),
    await otherHolders(task, inputs),
  ]
  return inputs.flatMap((input): AuditFinding[] => {
    const { unit, remoteId = '' } = input
    const remote = there.get(remoteId)
    const finding = (kind: AuditFinding['kind'], details: string[]): AuditFinding[] =>
      kind === 'missing' || details.length > 0 ? [{ kind, object, unit, remoteId, details }] : []
    if (remote === undefined) return finding('missing', [])
    return [
      ...finding('fields', differingFields(input.fields, remote.fields, rules, known)),
      ...finding('lines', lines.get(unit) ?? []),
      ...finding('associations', parents.get(unit) ?? []),
      ...finding('duplicate', duplicates.get(unit) ?? []),
    ]
  })
}

/** Keys of children that the destination does not have, or has otherwise; `key: field` for those that differ. */
const wrongLines = async ({ engine, connection, object, signal }: Task, inputs: readonly Input[]): Promise<Map<string, string[]>> => {
  const wrong = new Map<string, string[]>()
  for (const [child, { fields: rules }] of Object.entries(connection.contract.objects[object]?.children ?? {})) {
    const known = connection.spec(object).children?.[child]?.fields ?? {}
    const wanted = inputs.flatMap((input) =>
      input.children.filter((line) => line.object === child).map((line) => ({ unit: input.unit, line, id: input.objects[line.key] ?? '' })),
    )
    // Children without an id of their own live inside their parent, whose fields do not tell them.
    const ids = wanted.flatMap(({ id }) => (id === '' ? [] : [id]))
    if (ids.length === 0 || connection.destination.read === undefined) continue
    const there = await remoteObjects(engine, connection, { object: child, remoteIds: ids, fields: Object.keys(rules) }, signal)
    for (const { unit, line, id } of wanted) {
      const remote = there?.get(id)
      const details =
        remote === undefined ? [line.key] : differingFields(line.fields, remote.fields, rules, known).map((name) => `${line.key}: ${name}`)
      if (details.length > 0) wrong.set(unit, [...(wrong.get(unit) ?? []), ...details])
    }
  }
  return wrong
}

/** Parents that an object should be linked to and is not, as `object id`. */
const missingParents = async ({ engine, connection, object, signal }: Task, inputs: readonly Input[]): Promise<Map<string, string[]>> => {
  const wanted = inputs.filter(({ parents }) => parents.length > 0)
  if (connection.destination.parentsOf === undefined || wanted.length === 0) return new Map()
  const kinds = [...new Set(wanted.flatMap(({ parents }) => parents.map((parent) => parent.object)))]
  const query = { object, remoteIds: wanted.flatMap(({ remoteId }) => remoteId ?? []), parents: kinds }
  const linked = await connection.destination.parentsOf(query, destinationContext(engine, connection, signal))
  const byId = new Map(
    linked.map(({ remoteId, parents }) => [remoteId, new Set(parents.map((parent) => `${parent.object} ${parent.remoteId}`))]),
  )
  return new Map(
    wanted.map(({ unit, remoteId = '', parents }) => [
      unit,
      parents.map((parent) => `${parent.object} ${parent.remoteId}`).filter((parent) => byId.get(remoteId)?.has(parent) !== true),
    ]),
  )
}

/** Ids of other objects that hold our key, or what the object is found by. */
const otherHolders = async ({ engine, connection, object, signal }: Task, inputs: readonly Input[]): Promise<Map<string, string[]>> => {
  const { find, limits } = connection.destination
  const { keyField, findByKey, adoptBy = [] } = connection.spec(object)
  const others = new Map<string, string[]>()
  if (find === undefined) return others
  const by = [...(findByKey === true ? [fieldName(keyField, connection.contract.prefix)] : []), ...adoptBy]
  for (const name of by) {
    const isKey = name === by[0] && findByKey === true
    const valueOf = (input: Input): string =>
      isKey
        ? input.key
        : String(input.fields[name] ?? '')
            .trim()
            .toLowerCase()
    const values = [...new Set(inputs.map(valueOf).filter((value) => value !== ''))]
    for (let at = 0; at < values.length; at += limits.find ?? 100) {
      const found = await find(
        { object, by: name, values: values.slice(at, at + (limits.find ?? 100)) },
        destinationContext(engine, connection, signal),
      )
      for (const input of inputs) {
        const foreign = found
          .filter((each) => each.value === valueOf(input) && each.remoteId !== input.remoteId)
          .map(({ remoteId }) => remoteId)
        if (foreign.length > 0) others.set(input.unit, [...new Set([...(others.get(input.unit) ?? []), ...foreign])])
      }
    }
  }
  return others
}
