import type { ContractExample, ContractTestReport } from '../../api/contract-report.ts'
import type { Connection } from '../../engine/connection.ts'
import { withConsent } from '../../consent/consent-view.ts'
import { recordSchema, type CommerceRecord } from '../../model/record.ts'
import { membershipKey } from '../../delivery/note-children.ts'
import { orderFact } from '../../signals/order-fact.ts'
import { personView, type PersonMember } from '../../views/person-view.ts'
import { recordView } from '../../views/record-view.ts'
import type { View } from '../../views/view.ts'

const defaultAt = '2026-01-01T00:00:00.000Z'

/** Stamps that no example needs are filled in. */
const parse = (record: ContractExample['records'][number]): CommerceRecord | string => {
  const stamps = { createdAt: defaultAt, modifiedAt: defaultAt, placedAt: defaultAt }
  const parsed = recordSchema.safeParse({ ...stamps, ...record })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  return `${record.entity} ${record.id}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a canonical record'}`
}

const memberOf = (record: CommerceRecord, index: number, source: string): PersonMember => {
  const isGuest = record.entity === 'order' && record.customerId === undefined
  return {
    role: record.entity === 'order' ? (isGuest ? 'guest' : 'order') : 'account',
    record,
    fact: record.entity === 'order' ? orderFact(record, source) : null,
    rid: index + 1,
    deletedAt: null,
    source,
  }
}

const viewOf = (connection: Connection, example: ContractExample, records: readonly CommerceRecord[], now: number): View | undefined => {
  const { source = 'shop' } = example
  const { signals = {}, locales, consent } = connection.contract
  const key = `${source}:${records[0]?.id ?? ''}`
  if (connection.spec(example.object).from === 'person') {
    const members = records.map((record, index) => memberOf(record, index, source))
    return withConsent(personView(members, { key, historical: false, now, signals, locales }), consent, now)
  }
  const [record] = records
  return record === undefined ? undefined : recordView(record, { key, historical: false, deletedAt: null, source, signals })
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

const problemsOf = (connection: Connection, example: ContractExample): string[] => {
  if (!Object.hasOwn(connection.contract.objects, example.object)) return [`the contract has no object ${example.object}`]
  const parsed = example.records.map(parse)
  const wrong = parsed.filter((record) => typeof record === 'string')
  if (wrong.length > 0) return wrong
  const now = Date.parse(example.at ?? defaultAt)
  const records = parsed.filter((record) => typeof record !== 'string')
  const view = viewOf(connection, example, records, now)
  if (view === undefined) return ['it has no records']
  const refusal = connection.admission.refusal(connection.spec(example.object).from, view, now)
  const unit = connection.mapping.map(example.object, view, now)
  const code = refusal ?? unit.problem?.code
  const { fields = {}, memberships, code: expected } = example.expect
  if (code !== expected)
    return [
      `it should ${expected === undefined ? 'be sent' : `end as ${expected}`} and ${code === undefined ? 'is sent' : `ends as ${code}`}`,
    ]
  const differing = Object.entries(fields).flatMap(([name, value]) =>
    same(unit.fields[name], value)
      ? []
      : [`${name} should be ${JSON.stringify(value)} and is ${JSON.stringify(unit.fields[name] ?? null)}`],
  )
  const given = unit.memberships.map(membershipKey)
  const lists =
    memberships === undefined || same(given, [...memberships].toSorted())
      ? []
      : [`memberships should be ${memberships.toSorted().join(', ')} and are ${given.join(', ')}`]
  return [...differing, ...lists]
}

/** Runs examples against the contract of a connection: no store, no request. */
export const contractTest = (connection: Connection, examples: readonly ContractExample[]): ContractTestReport => {
  const report: ContractTestReport = { connection: connection.name, passed: 0, failed: [] }
  for (const example of examples) {
    const problems = problemsOf(connection, example)
    if (problems.length === 0) report.passed += 1
    else report.failed.push({ name: example.name, problems })
  }
  return report
}
