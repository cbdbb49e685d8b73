import type { FakeCommercetools } from '../start.ts'
import { stamps } from './calendar.ts'
import { LANGUAGES, type Region, REGIONS } from './regions.ts'
import type { TaxRate } from './tax.ts'

/** The ids of what the shop always has. They are texts one can read, since they do not depend on a seed. */
export const GROUP_IDS: readonly string[] = ['group-retail', 'group-vip', 'group-wholesale', 'group-staff']
/** Workflow states of orders. */
export const STATE_IDS: readonly string[] = ['state-new', 'state-picking', 'state-done']
/** Discount codes, each with the code a customer types. */
export const CODES: readonly (readonly [id: string, code: string])[] = [
  ['code-welcome', 'WELCOME10'],
  ['code-summer', 'SUMMER-25'],
  ['code-vip', 'VIP★ONLY'],
]

/** The same text in all languages of the shop, each with its language's mark. */
export function localized(text: string): Record<string, string> {
  return Object.fromEntries(LANGUAGES.map((language) => [language, language === 'en-US' ? text : `${text} (${language.slice(0, 2)})`]))
}

/** The tax rate of a region, `reduced` or standard. */
export function taxRateOf(region: Region, reduced: boolean): TaxRate {
  const name = `${region.country} ${reduced ? 'reduced' : 'standard'}`
  const amount = reduced ? region.reducedRate : region.standardRate
  return {
    id: `rate-${region.storeKey}-${reduced ? 'reduced' : 'standard'}`,
    name,
    amount,
    includedInPrice: region.gross,
    country: region.country,
    subRates: [],
  }
}

/** Sets the project up and adds stores, channels, groups, taxes, shipping, workflow states and discount codes. */
export function addSettings({ project }: FakeCommercetools, createdAt: number): void {
  const base = stamps(createdAt)
  project.configure({
    name: 'Nordlicht Outfitters',
    countries: REGIONS.map((region) => region.country),
    currencies: [...new Set(REGIONS.map((region) => region.currency))],
    languages: LANGUAGES,
    productCatalogModel: 'Classic',
  })
  for (const region of REGIONS) addStore(project, region, base)
  for (const id of GROUP_IDS)
    project.add('customer-group', { ...base, id, key: id.slice('group-'.length), name: id.slice('group-'.length).toUpperCase() })
  for (const [index, id] of STATE_IDS.entries()) {
    project.add('state', {
      ...base,
      id,
      key: id,
      type: 'OrderState',
      roles: [],
      name: localized(id),
      description: localized(id),
      builtIn: false,
      initial: index === 0,
    })
  }
  for (const kind of ['standard', 'reduced']) {
    const rates = REGIONS.map((region) => taxRateOf(region, kind === 'reduced'))
    project.add('tax-category', { ...base, id: `tax-${kind}`, key: kind, name: kind, rates })
  }
  project.add('cart-discount', {
    ...base,
    id: 'cart-discount',
    key: 'ten-percent',
    name: localized('Ten percent'),
    value: { type: 'relative', permyriad: 1000 },
    cartPredicate: '1 = 1',
    target: { type: 'lineItems', predicate: '1 = 1' },
    sortOrder: '0.5',
    isActive: true,
    requiresDiscountCode: true,
    stores: [],
    references: [],
    stackingMode: 'Stacking',
  })
  project.add('product-discount', {
    ...base,
    id: 'product-discount',
    key: 'season',
    name: localized('Season'),
    value: { type: 'relative', permyriad: 2000 },
    predicate: '1 = 1',
    sortOrder: '0.4',
    isActive: true,
    references: [],
  })
  for (const [id, code] of CODES) {
    const cartDiscounts = [{ typeId: 'cart-discount', id: 'cart-discount' }]
    project.add('discount-code', {
      ...base,
      id,
      key: id,
      code,
      name: localized(code),
      cartDiscounts,
      isActive: true,
      groups: [],
      references: [],
    })
  }
  for (const role of ['buyer', 'admin'])
    project.add('associate-role', { ...base, id: `role-${role}`, key: role, name: role, buyerAssignable: true, permissions: [] })
}

function addStore(project: FakeCommercetools['project'], region: Region, base: ReturnType<typeof stamps>): void {
  const { storeKey, country } = region
  const channel = (kind: string): { typeId: string; id: string } => ({ typeId: 'channel', id: `channel-${kind}-${storeKey}` })
  for (const [kind, role] of [
    ['supply', 'InventorySupply'],
    ['sales', 'ProductDistribution'],
  ] as const) {
    project.add('channel', {
      ...base,
      id: channel(kind).id,
      key: `${kind}-${storeKey}`,
      roles: [role],
      name: localized(`${kind} ${country}`),
      address: { country },
    })
  }
  project.add('store', {
    ...base,
    id: `store-${storeKey}`,
    key: storeKey,
    name: localized(`Nordlicht ${country}`),
    languages: [region.locale],
    countries: [{ code: country }],
    distributionChannels: [channel('sales')],
    supplyChannels: [channel('supply')],
    productSelections: [],
  })
  project.add('zone', { ...base, id: `zone-${storeKey}`, key: storeKey, name: country, locations: [{ country }] })
  project.add('shipping-method', {
    ...base,
    id: `shipping-${storeKey}`,
    key: `standard-${storeKey}`,
    name: `Standard ${country}`,
    active: true,
    isDefault: true,
    taxCategory: { typeId: 'tax-category', id: 'tax-standard' },
    zoneRates: [{ zone: { typeId: 'zone', id: `zone-${storeKey}` }, shippingRates: [] }],
  })
}
