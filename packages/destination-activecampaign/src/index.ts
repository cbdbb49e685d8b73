export { activecampaign } from './activecampaign.ts'
export type { ActiveCampaignSettings, Secret, ShopDetails } from './settings.ts'
