import { amount, coalesce, currency, localized, mapValues, path, type ObjectContract } from '@millrace/core'

/** What a product becomes. The image stands under both names that readers of the catalogue use; drop one of them in the contract. */
export const productContract: ObjectContract = {
  fields: {
    id: { value: path('id') },
    name: { value: coalesce(localized('name'), path('sku'), path('id')) },
    sku: { value: path('sku') },
    price: { value: amount('price') },
    specialPrice: { value: amount('discountedPrice') },
    currency: { value: currency('price') },
    url: { value: path('url') },
    image_path: { value: path('imageUrl') },
    imagePath: { value: path('imageUrl') },
    stock: { value: path('stock') },
    status: { value: mapValues(path('published'), { true: 'Enabled', false: 'Disabled' }) },
    type: { value: coalesce(path('type.name'), path('type.key')) },
    shortDescription: { value: localized('description') },
    created_date: { value: path('createdAt') },
  },
}
