import type { CommerceRecord } from '../model/record.ts'
import { cartView } from './cart-view.ts'
import { categoryView } from './category-view.ts'
import { companyView } from './company-view.ts'
import { orderView } from './order-view.ts'
import { personView } from './person-view.ts'
import { productView } from './product-view.ts'
import type { View, ViewContext } from './view.ts'

/** Builds the view of a unit that is one record. A customer alone gives the view of a person with this one account and no orders. */
export const recordView = (record: CommerceRecord, context: ViewContext): View => {
  switch (record.entity) {
    case 'order':
      return orderView(record, context)
    case 'product':
      return productView(record, context)
    case 'category':
      return categoryView(record, context)
    case 'company':
      return companyView(record, context)
    case 'cart':
      return cartView(record, context)
    default:
      return personView([{ role: 'account', record, fact: null, rid: 0, deletedAt: context.deletedAt, source: context.source }], context)
  }
}
