export { activecampaign } from './activecampaign.ts'
export type { ActiveCampaignSettings, ShopDetails } from './settings.ts'
