import type { Consent, CustomFields } from '@millrace/core'
import type { ConsentField } from './settings.ts'
import { instant } from './values.ts'

const folded = (value: unknown): unknown => (typeof value === 'string' ? value.trim().toLowerCase() : value)

const among = (list: readonly (string | boolean | number)[], value: unknown): boolean =>
  list.some((candidate) => folded(candidate) === folded(value))

/** Custom enum values may come as their key or as `{ key, label }`. */
const plain = (value: unknown): unknown => (typeof value === 'object' && value !== null && 'key' in value ? value.key : value)

const usualGrants = [true, 'true', 'YES']
const usualDenials = [false, 'false', 'NO']

const statusOf = ({ granted, denied }: ConsentField, value: unknown): Consent['status'] => {
  if (value === undefined || value === null || value === '') return 'unknown'
  if (among(granted ?? usualGrants, value)) return 'granted'
  const denials = denied ?? (granted === undefined ? usualDenials : undefined)
  return denials === undefined || among(denials, value) ? 'denied' : 'unknown'
}

const evidenceOf = ({ evidenceFields = [] }: ConsentField, custom: CustomFields): Record<string, string> =>
  Object.fromEntries(
    evidenceFields.flatMap((name) => {
      const value = plain(custom[name])
      const text = typeof value === 'string' ? value.trim() : typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
      return text === '' ? [] : [[name, text] as const]
    }),
  )

/** Consent by channel from custom fields, see {@link ConsentField}. A channel of which nothing is known is not listed. `placed` = the order that a buyer said it on, and when. */
export const consents = (custom: CustomFields, mapping: readonly ConsentField[], placed?: { order: string; at: string }): Consent[] =>
  mapping.flatMap((field) => {
    const status = statusOf(field, plain(custom[field.field]))
    if (status === 'unknown') return []
    const at = (field.timestampField === undefined ? undefined : instant(custom[field.timestampField])) ?? placed?.at
    const evidence = { ...(placed === undefined ? {} : { order: placed.order }), ...evidenceOf(field, custom) }
    return [
      {
        channel: field.channel,
        purpose: field.purpose ?? 'marketing',
        status,
        source: `commercetools:custom.fields.${field.field}`,
        ...(at === undefined ? {} : { at }),
        ...(field.basis === undefined ? {} : { basis: field.basis }),
        ...(Object.keys(evidence).length === 0 ? {} : { evidence }),
      },
    ]
  })
