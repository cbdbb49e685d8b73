import type { ValueKind } from '../../views/value-kind.ts'

/** Every path into a kind of value with what stands there, at most four names deep. */
export const pathsOf = (kind: ValueKind, above = '', depth = 0): [path: string, kind: ValueKind][] => {
  const join = (name: string): string => (above === '' ? name : `${above}.${name}`)
  switch (kind.kind) {
    case 'object':
      return depth > 3
        ? []
        : Object.entries(kind.fields).flatMap(([name, field]) => [[join(name), field], ...pathsOf(field, join(name), depth + 1)])
    case 'list':
      return pathsOf(kind.of, above, depth)
    case 'money':
      return [
        [join('amount'), { kind: 'decimal' }],
        [join('currency'), { kind: 'text' }],
      ]
    default:
      return []
  }
}

const namedValues = 12

/** A kind of value in words, on one line whatever the values are; of many values the first ones. */
export const kindText = (kind: ValueKind): string => {
  if (kind.kind === 'list') return `list of ${kindText(kind.of)}`
  if (kind.kind === 'record') return 'values by name'
  if (kind.kind === 'open') return 'known when records are read'
  if (kind.kind !== 'text' || kind.values === undefined) return kind.kind
  const shown = kind.values.slice(0, namedValues).map((value) => JSON.stringify(value).replaceAll(/[\u2028\u2029]/g, ' '))
  return `${shown.join(' | ')}${kind.values.length > namedValues ? ' | ...' : ''}`
}
