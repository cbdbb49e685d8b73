import { z } from 'zod'
import { touchParts } from '../signals/signal-rules.ts'

const days = z.number().positive()
const ascending = <T>(list: readonly T[], below: (a: T, b: T) => boolean): boolean =>
  list.every((value, index) => index === 0 || below(list[index - 1] ?? value, value))
const numbers = (length: number): z.ZodType<readonly number[]> =>
  z
    .array(z.number())
    .length(length)
    .refine((list) => ascending(list, (a, b) => a < b), 'must be ascending')
const decimal = z.string().regex(/^\d{1,20}(\.\d{1,10})?$/, 'must be a decimal such as "49.90"')
const code = z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as "EUR"')
const decimals = (length: number): z.ZodType<Record<string, readonly string[]>> =>
  z.record(
    code,
    z
      .array(decimal)
      .length(length)
      .refine((list) => ascending(list, (a, b) => Number(a) < Number(b)), 'must be ascending'),
  )
const evidence = z
  .array(
    z.strictObject({
      of: z.enum(['order', 'account']),
      path: z.string().min(1),
      is: z
        .array(z.union([z.string(), z.number(), z.boolean()]))
        .min(1)
        .optional(),
    }),
  )
  .min(1, 'names no evidence; give it a path, or leave the flag out')
  .optional()

/** The shape of `signals` in a contract. */
export const signalStructure = z
  .strictObject({
    churnAfterDays: z.number().min(90, 'must be from 90 to 180').max(180, 'must be from 90 to 180'),
    repeatWithinDays: days,
    recencyDays: numbers(4),
    frequencyOrders: numbers(4),
    monetaryAmounts: decimals(4),
    valueBands: decimals(2),
    marginBands: numbers(2),
    replenishmentDays: z.record(z.string(), days),
    suppression: z.strictObject({
      recentPurchase: z.strictObject({ path: z.enum(['placedAt', 'paidAt']), hours: z.number().positive() }).optional(),
      returnInProgress: evidence,
      fraudHold: evidence,
      openIssue: evidence,
    }),
    acquisition: z.partialRecord(z.enum(touchParts), z.string().min(1)),
    conversion: z.strictObject({
      currency: code,
      source: z.string().min(1, 'must name who publishes the rates'),
      rates: z.record(code, z.record(z.iso.date(), decimal)),
    }),
  })
  .partial()
