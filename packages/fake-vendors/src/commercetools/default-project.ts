/** The settings of a project that nobody configured, as the vendor's first answer would be; `createdAt` and version included. */
export function defaultProject(key: string): Record<string, unknown> {
  return {
    key,
    version: 1,
    name: key,
    countries: ['DE'],
    currencies: ['EUR'],
    languages: ['en'],
    createdAt: '2018-10-04T11:32:12.603Z',
    trialUntil: '2018-12',
    productCatalogModel: 'Classic',
    messages: { enabled: false, deleteDaysAfterCreation: 15 },
    carts: {
      deleteDaysAfterLastModification: 90,
      countryTaxRateFallbackEnabled: false,
      priceRoundingMode: 'HalfEven',
      taxRoundingMode: 'HalfEven',
    },
    shoppingLists: { deleteDaysAfterLastModification: 360 },
    searchIndexing: {
      products: { status: 'Deactivated' },
      productsSearch: { status: 'Deactivated' },
      orders: { status: 'Deactivated' },
      customers: { status: 'Deactivated' },
      businessUnits: { status: 'Deactivated' },
    },
  }
}
