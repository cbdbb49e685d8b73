/** Names of the object types this fake keeps, as they stand in paths. */
export type ObjectTypeName = 'contacts' | 'companies' | 'deals' | 'products' | 'line_items' | 'orders' | 'carts'

/** What differs between object types beside their properties. */
export interface ObjectType {
  readonly name: ObjectTypeName
  readonly singular: string
  /** Object type id, `0-1` for contacts. */
  readonly typeId: string
  /** Property that holds the time of the last change. */
  readonly modifiedProperty: 'lastmodifieddate' | 'hs_lastmodifieddate'
  /** Properties read when a request names none. */
  readonly defaultProperties: readonly string[]
  /** Any one of these scopes allows the use. */
  readonly scopes: { readonly read: readonly string[]; readonly write: readonly string[]; readonly schema: readonly string[] }
}

function objectType(
  name: ObjectTypeName,
  singular: string,
  typeId: string,
  defaultProperties: readonly string[],
  legacyScopes: readonly string[] = [],
): ObjectType {
  return {
    name,
    singular,
    typeId,
    modifiedProperty: name === 'contacts' ? 'lastmodifieddate' : 'hs_lastmodifieddate',
    defaultProperties,
    scopes: {
      read: [`crm.objects.${name}.read`, ...legacyScopes],
      write: [`crm.objects.${name}.write`, ...legacyScopes],
      schema: [`crm.schemas.${name}.write`, ...legacyScopes],
    },
  }
}

/** Every object type, by its name in paths. Ids of order and cart are unverified in the vendor notes. */
export const objectTypes: Readonly<Record<ObjectTypeName, ObjectType>> = {
  contacts: objectType('contacts', 'contact', '0-1', ['email', 'firstname', 'lastname']),
  companies: objectType('companies', 'company', '0-2', ['domain', 'name']),
  deals: objectType('deals', 'deal', '0-3', ['amount', 'closedate', 'dealname', 'dealstage', 'pipeline']),
  products: objectType('products', 'product', '0-7', ['description', 'name', 'price'], ['e-commerce']),
  line_items: objectType('line_items', 'line_item', '0-8', ['quantity'], ['e-commerce']),
  orders: objectType('orders', 'order', '0-123', ['hs_order_name']),
  carts: objectType('carts', 'cart', '0-142', ['hs_cart_name']),
}

const byAnyName = new Map<string, ObjectType>(
  Object.values(objectTypes).flatMap((type) => [type.name, type.singular, type.typeId].map((name): [string, ObjectType] => [name, type])),
)

/** Finds a type by plural name, singular name or type id; undefined when there is none. */
export function findObjectType(name: string): ObjectType | undefined {
  return byAnyName.get(name.toLowerCase())
}
