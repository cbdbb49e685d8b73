import { fieldName, type Contract, type FieldRule } from '@millrace/core'

/** How an object of the contract is kept in HubSpot. */
export interface Target {
  object: string
  /** Plural name in paths. */
  type: string
  keyField: string
  /** Unique properties besides our own key: a value that another object holds is a conflict to be resolved, not a fault of the record. */
  unique: readonly string[]
  /** Create needs at least one of these. */
  needsOneOf?: readonly string[]
}

/** Names of the objects in the contract. */
export type TargetName = 'contact' | 'company' | 'product' | 'deal' | 'order' | 'cart' | 'line_item'

/** Every kind of object that the adapter writes, by its name in the contract. */
export const targets: Readonly<Record<TargetName, Target>> = {
  contact: {
    object: 'contact',
    type: 'contacts',
    keyField: '{prefix}_customer_key',
    unique: ['email'],
    needsOneOf: ['email', 'firstname', 'lastname'],
  },
  company: { object: 'company', type: 'companies', keyField: '{prefix}_company_key', unique: [] },
  product: { object: 'product', type: 'products', keyField: '{prefix}_product_key', unique: ['hs_sku'] },
  deal: { object: 'deal', type: 'deals', keyField: '{prefix}_order_key', unique: [] },
  order: { object: 'order', type: 'orders', keyField: '{prefix}_order_key', unique: [] },
  cart: { object: 'cart', type: 'carts', keyField: '{prefix}_cart_key', unique: [] },
  line_item: { object: 'line_item', type: 'line_items', keyField: '{prefix}_line_key', unique: [] },
}

/** The target of an object of the contract; undefined for one that HubSpot does not have. */
export const targetOf = (object: string): Target | undefined => Object.values(targets).find((target) => target.object === object)

/** The property that holds our own key. */
export const keyOf = (target: Target, contract: Pick<Contract, 'prefix'>): string => fieldName(target.keyField, contract.prefix)

/** An object in use with the rules of its fields. */
export interface UsedTarget {
  target: Target
  fields: Readonly<Record<string, FieldRule>>
}

/** Every object that a resolved contract uses, children included. */
export const usedTargets = (contract: Contract): UsedTarget[] =>
  Object.entries(contract.objects).flatMap(([name, { fields, children = {} }]) =>
    [[name, fields] as const, ...Object.entries(children).map(([child, rules]) => [child, rules.fields] as const)].flatMap(
      ([object, rules]) => {
        const target = targetOf(object)
        return target === undefined ? [] : [{ target, fields: rules }]
      },
    ),
  )
