import { takesChannel } from '../contract/check-consent.ts'
import type { Contract, IdentityRules } from '../contract/contract.ts'
import { contractHash } from '../contract/hash.ts'
import { resolveContract } from '../contract/resolve.ts'
import { canonicalJson } from '../delta/canonical-json.ts'
import { hash } from 'node:crypto'
import { narrowContract } from './narrow-contract.ts'
import { asksTime } from '../mapping/time-questions.ts'
import { compileMapping, type Mapping } from '../mapping/compile.ts'
import { defaultRetryPolicy, type RetryPolicy } from '../delivery/retry-policy.ts'
import type { TimedSignal } from '../signals/next-change.ts'
import { timedSignalsOf } from '../signals/uses.ts'
import { readsConsent } from '../consent/reads-consent.ts'
import { compileAdmission, type Admission } from '../routing/admission.ts'
import type { Destination, DestinationContext, ObjectSpec, UnitKind } from '../spec/destination.ts'
import type { ContractExample } from '../api/contract-report.ts'
import type { ConnectionConfig } from '../api/config.ts'

/** A connection with its contract resolved and compiled. */
export interface Connection {
  name: string
  destination: Destination
  contract: Contract
  contractHash: string
  mapping: Mapping
  admission: Admission
  examples: readonly ContractExample[]
  retry: RetryPolicy
  mode: 'live' | 'observe'
  /** Takes what is said to the destination, while a drain keeps it. */
  exchanged?: DestinationContext['exchanged']
  /** Connections with equal identity rules share who is who. */
  identity: string
  rules: IdentityRules
  /** The signals of an object's rules that time changes. */
  timedSignals(object: string): readonly TimedSignal[]
  /** Whether an object's rules read what is decided about the consent of a person. */
  readsConsent(object: string): boolean
  /** Whether what an object should be can change although no record does. */
  changesWithTime(object: string): boolean
  /** The objects in use, by the unit kind that they are made from. */
  objectsOf(kind: UnitKind): readonly string[]
  spec(object: string): ObjectSpec
}

/** Resolves and checks one connection. Throws MillraceError `contract_invalid` before anything is written. */
export const openConnection = (name: string, config: ConnectionConfig, sources: readonly string[]): Connection => {
  const { destination, transforms = {} } = config
  const surroundings = { transforms: Object.keys(transforms), sources }
  const whole = resolveContract(destination, config.contract, `connections.${name}.contract`, surroundings)
  const contract = narrowContract(name, whole, config)
  const used = Object.entries(destination.objects).filter(([object]) => object in contract.objects)
  const channels = Object.values(contract.consent.topics).map(({ channel }) => channel)
  // An object made from consent is used once there is a topic for it: else every person would have a row that says nothing.
  const needed = used.filter(([, spec]) => spec.from !== 'consent' || channels.some((channel) => takesChannel(spec, channel)))
  const byKind = Map.groupBy(needed, ([, spec]) => spec.from)
  const specs = new Map(used)
  const timed = new Map(used.map(([object]) => [object, timedSignalsOf(contract, object)]))
  const changing = new Set(
    used.flatMap(([object, { from }]) => {
      const asked = [contract.objects[object], contract.include?.[from], from === 'person' ? contract.memberships : []]
      return (timed.get(object) ?? []).length > 0 || asksTime(asked) ? [object] : []
    }),
  )
  const consenting = new Set(
    used.flatMap(([object, { from }]) =>
      channels.length > 0 && (from === 'person' || from === 'consent') && readsConsent(contract, object) ? [object] : [],
    ),
  )
  return {
    name,
    destination,
    contract,
    contractHash: contractHash(contract),
    mapping: compileMapping(contract, destination.objects, transforms),
    admission: compileAdmission(contract),
    examples: config.examples ?? [],
    retry: config.retry ?? defaultRetryPolicy,
    mode: config.mode ?? 'live',
    identity: hash('sha256', canonicalJson(contract.identity), 'hex').slice(0, 12),
    rules: contract.identity,
    timedSignals: (object) => timed.get(object) ?? [],
    readsConsent: (object) => consenting.has(object),
    changesWithTime: (object) => changing.has(object),
    objectsOf: (kind) => byKind.get(kind)?.map(([object]) => object) ?? [],
    spec: (object) => {
      const spec = specs.get(object)
      if (spec === undefined) throw new TypeError(`Connection ${name} has no object ${object}`)
      return spec
    },
  }
}
