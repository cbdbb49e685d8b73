import { redactText, vendorCode } from '../redact.ts'

const maxLength = 4_000
const maxItems = 3
const maxDepth = 8

/** Names under which vendors put codes, statuses and ids: what stands there is kept when it looks like one and was not sent by us. */
const codeName =
  /^(?:status|code|category|subCategory|errorCode|errorType|policyName|type|result|numErrors|correlationId|requestId|traceId)$/i
const upperCode = /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g

/** What {@link outlineAnswer} needs to know of the request: its values must not come back, and its field names say where the trouble is. */
interface Sent {
  values: Set<string>
  names: Set<string>
}

/**
 * What was sent, without what it said: names of fields, how many items, and of each value only its kind and length. Arrays show their first three items. At most
 * 4,000 characters.
 */
export const outlineRequest = (body: unknown): string | null => finish(draw(body, () => undefined, 0))

/**
 * What was answered, without what it said: as {@link outlineRequest}, but codes, statuses and correlation ids are kept, and of free text the codes in capitals
 * and the field names of the request that it mentions. What was sent and is echoed is never kept.
 */
export const outlineAnswer = (body: unknown, request: unknown): string | null => {
  const sent: Sent = { values: new Set(), names: new Set() }
  collect(request, sent)
  const echoed = [...sent.values].filter((value) => value.length > 1)
  return finish(
    draw(
      body,
      (name, value) => {
        if (sent.values.has(String(value))) return undefined
        if (codeName.test(name) && (typeof value === 'number' || vendorCode(value) !== undefined || isUuid(value))) return value
        if (typeof value !== 'string') return undefined
        const codes = (value.match(upperCode) ?? []).filter((code) => !echoed.some((text) => text.includes(code)))
        const names = [...sent.names].filter((each) => value.includes(each))
        const kept = [...new Set([...codes, ...names])].slice(0, 10)
        return kept.length === 0 ? undefined : `${kindOf(value)} ${kept.join(' ')}`
      },
      0,
    ),
  )
}

const isUuid = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)

const finish = (drawn: unknown): string | null => {
  if (drawn === undefined) return null
  const text = typeof drawn === 'string' ? drawn : JSON.stringify(drawn)
  return text.length > maxLength ? `${text.slice(0, maxLength)}...` : text
}

const kindOf = (value: unknown): string => (typeof value === 'string' ? `<text ${value.length}>` : `<${typeof value}>`)

const draw = (value: unknown, keep: (name: string, value: string | number) => unknown, depth: number, name = ''): unknown => {
  if (value === undefined) return undefined
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string' || typeof value === 'number') return keep(name, value) ?? kindOf(value)
  if (typeof value !== 'object' || depth >= maxDepth) return kindOf(value)
  if (value instanceof Uint8Array) return `<${value.byteLength} bytes>`
  if (value instanceof URLSearchParams) return `<form ${[...value.keys()].map(cleanName).join(', ')}>`
  if (Array.isArray(value)) {
    const shown = value.slice(0, maxItems).map((item) => draw(item, keep, depth + 1, name))
    return value.length > maxItems ? [...shown, `<${value.length - maxItems} more>`] : shown
  }
  // What went wrong comes first, so that it is not cut off.
  const members = Object.entries(value).toSorted(([a], [b]) => Number(isTrouble.test(b)) - Number(isTrouble.test(a)))
  return Object.fromEntries(members.map(([key, item]) => [cleanName(key), draw(item, keep, depth + 1, key)]))
}

const isTrouble = /^(?:status|category|code|message|detail|title|correlationId)$|error|invalid|rejected|fail/i

/** Some APIs use addresses as names of members. */
const cleanName = (name: string): string => redactText(name, { maxLength: 80 })

const collect = (value: unknown, sent: Sent): void => {
  if (typeof value === 'string' || typeof value === 'number') sent.values.add(String(value))
  else if (value instanceof URLSearchParams) for (const [name, item] of value) collect({ [name]: item }, sent)
  else if (Array.isArray(value)) for (const item of value) collect(item, sent)
  else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
    for (const [name, item] of Object.entries(value)) {
      if (/^[A-Za-z_][\w.-]{2,79}$/.test(name)) sent.names.add(name)
      collect(item, sent)
    }
  }
}
