import { z } from 'zod'
import type { ContractOverride } from './contract.ts'
import type { Problems } from './problems.ts'
import { signalStructure } from './signal-structure.ts'

const unitKind = z.enum(['category', 'product', 'company', 'person', 'consent', 'order', 'cart', 'event'])

const rule = z.strictObject({
  /** Checked apart, where the path and the field's type are known. */
  value: z.unknown().optional(),
  owner: z.enum(['source', 'destination', 'once', 'shared']).optional(),
  blank: z.enum(['keep', 'erase']).optional(),
  verified: z.strictObject({ when: z.unknown().optional(), field: z.string().optional() }).optional(),
  type: z.enum(['string', 'text', 'integer', 'decimal', 'boolean', 'date', 'datetime', 'option', 'options', 'phone', 'email']).optional(),
  purpose: z.string().optional(),
  label: z.string().optional(),
  required: z.boolean().optional(),
  unique: z.boolean().optional(),
  readOnly: z.boolean().optional(),
  maxLength: z.number().int().positive().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  options: z.array(z.strictObject({ value: z.string().min(1), label: z.string() })).optional(),
})

const regime = z.enum(['double-opt-in', 'opt-in', 'opt-out'])

const fields = z.record(z.string(), rule.nullable()).optional()

const texts = z.array(z.string()).min(1).optional()

const route = z.strictObject({
  sources: texts,
  stores: texts,
  channels: texts,
  locales: texts,
  countries: texts,
  currencies: texts,
  customerGroups: texts,
  custom: z.record(z.string(), z.array(z.union([z.string(), z.number(), z.boolean()])).min(1)).optional(),
})

const structure = z.strictObject({
  prefix: z.string().optional(),
  currencies: z.array(z.string()).optional(),
  locales: z.array(z.string()).optional(),
  identity: z
    .strictObject({
      accounts: z.enum(['merge', 'separate']),
      guests: z.enum(['by-email', 'ignore']),
      emailScope: z.enum(['global', 'store']),
    })
    .partial()
    .optional(),
  ordersOfNobody: z.enum(['unassociated', 'skip', 'dead-letter']).optional(),
  removal: z.partialRecord(unitKind, z.enum(['keep-and-flag', 'archive', 'ignore'])).optional(),
  consent: z
    .strictObject({
      authority: z.enum(['source', 'destination']).optional(),
      topics: z
        .record(
          z.string(),
          z
            .strictObject({
              channel: z.enum(['email', 'sms', 'phone', 'post', 'push']),
              purpose: z.string().optional(),
              target: z.string().optional(),
              basis: z.string().optional(),
              explanation: z.string().optional(),
            })
            .nullable(),
        )
        .optional(),
      regions: z.strictObject({ countries: z.record(z.string(), regime), otherwise: regime }).optional(),
    })
    .optional(),
  events: z
    .record(
      z.string(),
      z.union([z.literal(false), z.strictObject({ name: z.string().min(1).optional(), as: z.string().optional(), fields })]),
    )
    .optional(),
  memberships: z
    .array(
      z.strictObject({
        kind: z.enum(['list', 'tag']),
        dimension: z.string().optional(),
        name: z.string().optional(),
        value: z.unknown(),
      }),
    )
    .optional(),
  route: route.optional(),
  /** Checked apart, as the values of rules are. */
  include: z.partialRecord(unitKind, z.unknown()).optional(),
  leaving: z.partialRecord(unitKind, z.enum(['keep-and-flag', 'archive', 'ignore'])).optional(),
  timeZone: z.string().optional(),
  variants: z
    .array(z.strictObject({ when: route, objects: z.record(z.string(), z.strictObject({ fields: z.record(z.string(), z.unknown()) })) }))
    .optional(),
  signals: signalStructure.optional(),
  objects: z
    .record(
      z.string(),
      z.union([z.literal(false), z.strictObject({ fields, children: z.record(z.string(), z.strictObject({ fields })).optional() })]),
    )
    .optional(),
})

const isOverride = (value: unknown): value is ContractOverride => structure.safeParse(value).success

type Path = readonly PropertyKey[]

/** How much of an override an issue spoils: one rule where it stands in one, else one object, else one setting. */
const spoiled = (path: Path): Path => {
  if (path[0] === 'events') return path.slice(0, path[2] === 'fields' && path.length >= 4 ? 4 : 2)
  if (path[0] !== 'objects') return path.slice(0, 1)
  if (path[2] === 'fields' && path.length >= 4) return path.slice(0, 4)
  if (path[2] === 'children' && path[4] === 'fields' && path.length >= 6) return path.slice(0, 6)
  return path.slice(0, 2)
}

const without = (value: unknown, path: Path): unknown => {
  const [name, ...rest] = path
  if (name === undefined || typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) =>
      key !== String(name) ? [[key, member]] : rest.length === 0 ? [] : [[key, without(member, rest)]],
    ),
  )
}

const flatten = (issue: z.core.$ZodIssue, above: Path = []): { path: Path; message: string }[] => {
  const path = [...above, ...issue.path]
  if (issue.code === 'invalid_union') {
    // `false` or an object: who wrote an object wants to hear about the object.
    const deepest = issue.errors.toSorted(
      (a, b) => Math.max(0, ...b.map((inner) => inner.path.length)) - Math.max(0, ...a.map((inner) => inner.path.length)),
    )[0]
    const object =
      issue.errors.find((inner) => inner.some(({ code, path: at }) => code === 'unrecognized_keys' || at.length > 0)) ?? deepest ?? []
    return object.flatMap((inner) => flatten(inner, path))
  }
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...path, key], message: 'there is no such setting; take it out or correct its name' }))
  if (issue.code === 'invalid_key')
    return [{ path, message: 'there is no such kind of unit; use person, order, product, category, company or cart' }]
  return [{ path, message: issue.message }]
}

/**
 * Checks the shape of an override, whoever wrote it in whatever language, and reports what does not fit. Returns the rest of it, so that one pass finds all
 * problems.
 */
export const checkStructure = (override: unknown, problems: Problems): ContractOverride => {
  if (override === undefined) return {}
  if (isOverride(override)) return override
  const issues = structure.safeParse(override).error?.issues ?? []
  let rest: unknown = override
  for (const { path, message } of issues.flatMap((issue) => flatten(issue))) {
    problems.add(path.map(String).join('.'), message)
    rest = path.length === 0 ? {} : without(rest, spoiled(path))
  }
  return isOverride(rest) ? rest : {}
}
