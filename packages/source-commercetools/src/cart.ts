import type { Cart as PlatformCart } from '@commercetools/platform-sdk'
import type { Cart } from '@millrace/core'
import { toCustomLine, toLine } from './line.ts'
import type { Names } from './names.ts'
import type { Settings } from './settings.ts'
import { totalsOf } from './totals.ts'
import { fillUrl } from './url.ts'
import { address, customFields, requiredInstant, text } from './values.ts'

const states: Record<string, Cart['state']> = { Active: 'active', Merged: 'merged', Ordered: 'ordered', Frozen: 'frozen' }

/** A shopping cart as the canonical record. Throws for a state that is not known: whether it is abandoned could not be told. */
export const toCart = (row: PlatformCart, names: Names, settings: Pick<Settings, 'cartUrl' | 'costField'>): Cart => {
  const state = Object.hasOwn(states, row.cartState) ? states[row.cartState] : undefined
  if (state === undefined) throw new TypeError('The cart state is not known')
  const lines = [
    ...(row.lineItems ?? []).map((line) => toLine(line, names, settings.costField)),
    ...(row.customLineItems ?? []).map(toCustomLine),
  ]
  return {
    entity: 'cart',
    id: row.id,
    createdAt: requiredInstant(row.createdAt),
    modifiedAt: requiredInstant(row.lastModifiedAt),
    state,
    customerId: text(row.customerId),
    email: text(row.customerEmail),
    anonymousId: text(row.anonymousId),
    store: text(row.store?.key),
    locale: text(row.locale),
    country: text(row.country),
    ...totalsOf(row, lines),
    lines,
    shippingAddress: address(row.shippingAddress ?? row.shipping?.[0]?.shippingAddress),
    recoveryUrl: fillUrl(settings.cartUrl, { id: row.id, key: text(row.key), store: text(row.store?.key), locale: text(row.locale) }),
    custom: customFields(row.custom),
  }
}
