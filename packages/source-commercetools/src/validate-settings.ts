import { MillraceError } from '@millrace/core'
import type { SubscriptionSettings } from './subscription-settings.ts'
import type { CommercetoolsSettings, ConsentField, ListSelection, ProductSelection, Settings } from './settings.ts'

const known: Record<keyof CommercetoolsSettings, true> = {
  projectKey: true,
  clientId: true,
  clientSecret: true,
  apiUrl: true,
  authUrl: true,
  scopes: true,
  stores: true,
  products: true,
  carts: true,
  shoppingLists: true,
  companies: true,
  companyRule: true,
  consent: true,
  subscription: true,
  phoneField: true,
  vatIdField: true,
  costField: true,
  productUrl: true,
  cartUrl: true,
  orderUrl: true,
  locale: true,
  pageSizes: true,
  settleMs: true,
  overlapMs: true,
  timeoutMs: true,
}

const refuse = (setting: string, message: string): never => {
  throw new MillraceError({
    code: 'setting_invalid',
    message: `commercetools: setting \`${setting}\` ${message}`,
    scope: 'destination',
    field: setting,
  })
}

const checkText = (setting: string, value: unknown): void => {
  if (typeof value !== 'string' || value.trim() === '') refuse(setting, 'must be a text that is not empty')
}

const checkCredential = (setting: string, value: unknown): void => {
  if (typeof value !== 'function') checkText(setting, value)
}

const checkTexts = (setting: string, values: unknown): void => {
  if (values === undefined) return
  if (!Array.isArray(values)) refuse(setting, 'must be a list of texts')
  else for (const value of values) checkText(setting, value)
}

const checkUrl = (setting: string, value: string): void => {
  checkText(setting, value)
  if (!/^https?:\/\//.test(value) || !URL.canParse(value)) refuse(setting, 'must be an address that starts with https://')
}

const checkCount = (setting: string, value: number, least: number, most: number): void => {
  if (!Number.isInteger(value) || value < least || value > most) refuse(setting, `must be a whole number from ${least} to ${most}`)
}

const placeholders = {
  productUrl: ['slug', 'sku', 'key', 'store', 'locale', 'id'],
  cartUrl: ['id', 'key', 'store', 'locale'],
  orderUrl: ['id', 'key', 'store', 'locale'],
}

const checkTemplate = (setting: keyof typeof placeholders, template: string | undefined): void => {
  if (template === undefined) return
  checkText(setting, template)
  const wrong = [...template.matchAll(/\{([^}]*)\}/g)].map((match) => match[1] ?? '').find((name) => !placeholders[setting].includes(name))
  if (wrong !== undefined)
    refuse(setting, `has the unknown placeholder {${wrong}}; known are ${placeholders[setting].map((name) => `{${name}}`).join(' ')}`)
}

const checkProducts = (products: ProductSelection): void => {
  if (products === 'all' || products === 'referenced') return
  if (typeof products !== 'object' || products === null) refuse('products', "must be 'all', 'referenced' or { where: '...' }")
  else checkText('products.where', products.where)
}

const checkLists = (lists: ListSelection | undefined): void => {
  if (lists === undefined) return
  if (typeof lists !== 'object' || lists === null) refuse('shoppingLists', "must be a list of names or { where: '...' }")
  else if ('where' in lists) checkText('shoppingLists.where', lists.where)
  else if (lists.length === 0) refuse('shoppingLists', 'must name a list; leave it out to read none')
  else checkTexts('shoppingLists', lists)
}

const checkConsent = (fields: readonly ConsentField[]): void => {
  for (const [index, { channel, field }] of fields.entries()) {
    checkText(`consent[${index}].field`, field)
    if (!['email', 'sms', 'phone', 'post', 'push'].includes(channel))
      refuse(`consent[${index}].channel`, 'must be email, sms, phone, post or push')
  }
}

const subscriptionTexts: Readonly<Record<string, readonly string[]>> = {
  GoogleCloudPubSub: ['projectId', 'topic'],
  SNS: ['topicArn'],
  SQS: ['queueUrl', 'region'],
}

const checkSubscription = (subscription: SubscriptionSettings | undefined): void => {
  if (subscription === undefined) return
  if (!/^[A-Za-z0-9_-]{2,256}$/.test(subscription.key))
    refuse('subscription.key', 'must be 2 to 256 letters, digits, dashes or underscores')
  const texts = subscriptionTexts[subscription.destination?.type]
  if (texts === undefined) return refuse('subscription.destination.type', `must be ${Object.keys(subscriptionTexts).join(', ')}`)
  const destination: object = subscription.destination
  for (const name of texts) checkText(`subscription.destination.${name}`, Object.entries(destination).find(([key]) => key === name)?.[1])
}

/** Names, credentials, addresses and lists. Throws MillraceError `setting_invalid`, naming the setting. */
export const checkGiven = (given: CommercetoolsSettings): void => {
  for (const name of Object.keys(given))
    if (!Object.hasOwn(known, name)) refuse(name, `is not known; known are ${Object.keys(known).join(', ')}`)
  checkText('projectKey', given.projectKey)
  checkCredential('clientId', given.clientId)
  checkCredential('clientSecret', given.clientSecret)
  checkUrl('apiUrl', given.apiUrl)
  checkUrl('authUrl', given.authUrl)
  checkTexts('scopes', given.scopes)
  checkTexts('stores', given.stores)
}

/** Everything that has a default. Throws MillraceError `setting_invalid`, naming the setting. */
export const checkResolved = (settings: Settings): void => {
  checkProducts(settings.products)
  checkLists(settings.shoppingLists)
  if (!['none', 'name', 'vat-id'].includes(settings.companyRule)) refuse('companyRule', "must be 'none', 'name' or 'vat-id'")
  checkConsent(settings.consent)
  checkSubscription(settings.subscription)
  checkTemplate('productUrl', settings.productUrl)
  checkTemplate('cartUrl', settings.cartUrl)
  checkTemplate('orderUrl', settings.orderUrl)
  for (const [entity, size] of Object.entries(settings.pageSizes)) checkCount(`pageSizes.${entity}`, size, 1, 500)
  checkCount('settleMs', settings.settleMs, 0, 86_400_000)
  checkCount('overlapMs', settings.overlapMs, 0, 86_400_000)
  checkCount('timeoutMs', settings.timeoutMs, 1, 600_000)
}
