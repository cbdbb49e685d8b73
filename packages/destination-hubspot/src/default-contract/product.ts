import { amount, coalesce, currency, join, localized, path, type ObjectContract } from '@millrace/core'
import { own } from './rule.ts'

/** What a product becomes. `price` is its list price in whatever currency that is; there is one property per currency besides. */
export const productContract: ObjectContract = {
  fields: {
    name: { value: coalesce(localized('name'), path('sku'), path('id')) },
    description: { value: localized('description') },
    hs_sku: { value: path('sku') },
    price: { value: amount('price') },
    hs_cost_of_goods_sold: { value: amount('cost') },
    hs_url: { value: path('url') },
    hs_images: { value: path('imageUrl') },
    '{prefix}_product_id': own('string', 'Product id', path('id')),
    '{prefix}_product_type': own('string', 'Product type', coalesce(path('type.name'), path('type.key'))),
    '{prefix}_skus': own('text', 'SKUs of all variants', join('skus', ', ', 1_000)),
    '{prefix}_category_ids': own('text', 'Category ids', join('categoryIds', ', ')),
    '{prefix}_stock': own('decimal', 'Stock', path('stock'), { blank: 'erase' }),
    '{prefix}_published': own('boolean', 'Published', path('published')),
    '{prefix}_price_currency': own('string', 'Currency of the list price', currency('price')),
    '{prefix}_price_{currency}': own('decimal', 'List price in {currency}', amount('priceByCurrency.{currency}'), { blank: 'erase' }),
    '{prefix}_historical': own('boolean', 'From before go-live', path('historical')),
    '{prefix}_deleted_at': own('datetime', 'Deleted in the shop at', path('deletedAt'), { blank: 'erase' }),
  },
}
