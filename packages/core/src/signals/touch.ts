import { z } from 'zod'
import { isBlank, plainReader } from '../mapping/plain-value.ts'
import { pathReader } from '../mapping/read-path.ts'
import { instantSchema } from '../model/common.ts'
import type { Customer } from '../model/customer.ts'
import type { Order } from '../model/order.ts'
import { touchParts } from './signal-rules.ts'
import type { SignalRules, TouchPart } from './signal-rules.ts'

/** How somebody came to the shop, as far as it is known. `at` = when the record was made that says so. */
export const touchSchema = z.object({
  source: z.string().optional(),
  medium: z.string().optional(),
  campaign: z.string().optional(),
  term: z.string().optional(),
  content: z.string().optional(),
  landingPage: z.string().optional(),
  referrer: z.string().optional(),
  at: instantSchema.optional(),
})
export type Touch = z.infer<typeof touchSchema>

const plain = plainReader([])

/** What one record says of it; undefined when it says nothing. */
export const touchOf = (record: Customer | Order, paths: NonNullable<SignalRules['acquisition']>): Touch | undefined => {
  const parts: Partial<Record<TouchPart, string>> = {}
  for (const part of touchParts) {
    const path = paths[part]
    const value = path === undefined ? undefined : plain(pathReader(path)(record))
    if (!isBlank(value) && value !== undefined) parts[part] = String(value)
  }
  return Object.keys(parts).length === 0 ? undefined : { ...parts, at: record.entity === 'order' ? record.placedAt : record.createdAt }
}

/** The first of the touches of a person: an account or an order, whichever was made first. */
export const firstTouch = (records: readonly (Customer | Order)[], paths: NonNullable<SignalRules['acquisition']>): Touch | undefined =>
  records
    .flatMap((record) => touchOf(record, paths) ?? [])
    .toSorted((a, b) => compare(a.at ?? '', b.at ?? '') || compare(JSON.stringify(a), JSON.stringify(b)))[0]

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
