export type { SubscriptionDestination, SubscriptionSettings } from './subscription-settings.ts'
export { commercetools } from './commercetools.ts'
export type { CommercetoolsSettings, ConsentField, Credential, ListSelection, ProductSelection } from './settings.ts'
