import { z } from 'zod'
import { customFieldsSchema, instantSchema, type CustomFields } from '../model/common.ts'
import { eventDataSchema, eventLineSchema, eventTypes, type CommerceEvent, type EventType } from '../model/event.ts'
import type { Product } from '../model/catalog.ts'
import type { PersonView } from './person-view.ts'
import { productUrl } from './product-url.ts'

/** What events may say about the person they are about; everything else is written to the person. */
export const eventPersonSchema = z.object({
  key: z.string(),
  id: z.string().optional(),
  email: z.string().optional(),
  phone: z.string().optional(),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  fullName: z.string().optional(),
  locale: z.string().optional(),
  language: z.string().optional(),
  country: z.string().optional(),
  registered: z.boolean(),
  orderCount: z.number().int(),
})
export type EventPerson = z.infer<typeof eventPersonSchema>

const lineSchema = eventLineSchema.extend({ key: z.string(), position: z.number().int(), attributes: customFieldsSchema })

/**
 * An event as rules see it. `key` = source and id of the event; `source` = name of the source. `sku`, `productKey`, `productName`, `category`, `image` and
 * `productUrl` are those of the first goods, the lists `skus`, `productNames` and `categories` those of all, each once. `category` is the path as one text,
 * `Clothing > Shirts`. `attributes` are those of the first goods, as the catalogue has them: of the product and, before that, of the variant with the SKU. `person` is absent where nobody knows whom the event is about.
 */
export const eventViewSchema = eventDataSchema.omit({ lines: true }).extend({
  id: z.string(),
  key: z.string(),
  type: z.enum(eventTypes),
  source: z.string(),
  occurredAt: instantSchema,
  anonymousId: z.string().optional(),
  sku: z.string().optional(),
  productKey: z.string().optional(),
  productName: z.string().optional(),
  category: z.string().optional(),
  image: z.string().optional(),
  productUrl: z.string().optional(),
  attributes: customFieldsSchema,
  skus: z.array(z.string()),
  productNames: z.array(z.string()),
  categories: z.array(z.string()),
  lines: z.array(lineSchema),
  person: eventPersonSchema.optional(),
})
export type EventView = z.infer<typeof eventViewSchema>

const distinct = (values: readonly (string | undefined)[]): string[] =>
  [...new Set(values.filter((value) => value !== undefined && value !== ''))].flatMap((value) => value ?? [])

const personOf = (person: PersonView): EventPerson => ({
  key: person.key,
  id: person.id,
  email: person.email,
  phone: person.phone,
  firstName: person.firstName,
  lastName: person.lastName,
  fullName: person.fullName,
  locale: person.locale,
  language: person.language,
  country: person.country,
  registered: person.registered,
  orderCount: person.signals.orderCount,
})

const imageOf = (product: Product | undefined, sku: string | undefined): string | undefined =>
  (product?.variants.find((variant) => variant.sku === sku) ?? product?.variants[0])?.images[0]

const attributesOf = (product: Product | undefined, sku: string | undefined): CustomFields => ({
  ...product?.attributes,
  ...product?.variants.find((variant) => sku !== undefined && variant.sku === sku)?.attributes,
})

/** Builds the view of an event. `product` finds one of its goods by key. */
export const eventView = (
  event: CommerceEvent,
  context: { key: string; type: EventType; source: string; person: PersonView | undefined; product: (key: string) => Product | undefined },
): EventView => {
  const { store, locale } = event.data
  const lines = event.data.lines.map((line, index) => {
    const product = line.productKey === undefined ? undefined : context.product(line.productKey)
    return {
      ...line,
      key: `${context.key}:${index + 1}`,
      position: index + 1,
      url: line.url ?? productUrl(product, store, locale),
      image: line.image ?? imageOf(product, line.sku),
      attributes: attributesOf(product, line.sku),
    }
  })
  const [first] = lines
  const paths = lines.map(({ categoryPath }) => categoryPath.join(' > '))
  const own = event.data.categoryPath.join(' > ')
  return {
    ...event.data,
    id: event.id,
    key: context.key,
    type: context.type,
    source: context.source,
    occurredAt: event.occurredAt,
    anonymousId: event.subject.anonymousId,
    sku: first?.sku,
    productKey: first?.productKey,
    productName: first?.name,
    category: own === '' ? paths[0] : own,
    image: first?.image,
    productUrl: first?.url,
    attributes: first?.attributes ?? {},
    skus: distinct(lines.map(({ sku }) => sku)),
    productNames: distinct(lines.map(({ name }) => name)),
    categories: distinct(own === '' ? paths : [own, ...paths]),
    lines,
    person: context.person === undefined ? undefined : personOf(context.person),
  }
}
