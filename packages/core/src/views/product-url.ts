import type { Product } from '../model/catalog.ts'

/** The storefront's address of a product in a store and language, else any in the store, else any. */
export const productUrl = (product: Product | undefined, store: string | undefined, locale: string | undefined): string | undefined => {
  const urls = Object.entries(product?.urls ?? {})
  const inStore = urls.filter(([name]) => store !== undefined && name.startsWith(`${store}/`))
  return (inStore.find(([name]) => name === `${store}/${locale}`) ?? inStore[0] ?? urls[0])?.[1]
}
