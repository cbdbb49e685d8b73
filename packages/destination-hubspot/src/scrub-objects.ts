import { MillraceError, type DestinationContext, type Expression, type ObjectLink } from '@millrace/core'
import type { Portal } from './portal.ts'
import { targetOf } from './target.ts'
import { writeRows, type Row } from './write-rows.ts'

/** Paths of orders and carts that lead to what a person is known by, or wrote. */
const personal = /^(email|customerId|anonymousId|billingAddress|shippingAddress|custom|trackingNumbers|url|recoveryUrl|payments)(\.|$)/

/** The country alone tells nobody who it was. */
const harmless = /^(billingAddress|shippingAddress)\.country$/

/** Whether anything that an expression reads is personal, however deep it stands: its paths are texts, as places in templates are. */
const readsPerson = (expression: unknown): boolean => {
  if (Array.isArray(expression)) return expression.some(readsPerson)
  if (typeof expression !== 'object' || expression === null) return false
  return Object.entries(expression).some(([name, value]) => {
    if (name === 'path' && typeof value === 'string') return personal.test(value) && !harmless.test(value)
    if (name === 'template' && typeof value === 'string')
      return [...value.matchAll(/\{([^}]*)\}/g)].some(([, path = '']) => personal.test(path) && !harmless.test(path))
    return readsPerson(value)
  })
}

/** The properties of an object that hold something of a person, by its contract. */
export const personalFields = (fields: Readonly<Record<string, { value: Expression }>>): string[] =>
  Object.entries(fields).flatMap(([name, { value }]) => (readsPerson(value) ? [name] : []))

/** Empties what names a person on deals, orders and carts. Returns how many had such fields. Throws the first error of a row; rows that are gone are fine. */
export const scrubObjects = async (portal: Portal, related: readonly ObjectLink[], ctx: DestinationContext): Promise<number> => {
  let scrubbed = 0
  for (const [object, links] of Map.groupBy(related, (link) => link.object)) {
    const target = targetOf(object)
    const names = personalFields(ctx.contract.objects[object]?.fields ?? {})
    if (target === undefined || names.length === 0) continue
    const blank = Object.fromEntries(names.map((name) => [name, '']))
    const rows = [...new Set(links.map(({ remoteId }) => remoteId))].map((id): Row => ({ id, properties: blank }))
    const open = new Set(rows)
    for await (const results of writeRows(portal, { type: target.type, operation: 'update' }, rows, ctx.signal)) {
      for (const [row, result] of results) {
        open.delete(row)
        if (result.result !== 'written' && result.error.code !== 'not_found') throw result.error
      }
    }
    if (open.size > 0)
      throw new MillraceError({
        code: 'unconfirmed',
        retryable: true,
        message: `HubSpot did not say whether ${open.size} of the person's ${target.type} were emptied. Erase again.`,
      })
    scrubbed += rows.length
  }
  return scrubbed
}
