export { hubspot } from './hubspot.ts'
export type { HubSpotSettings } from './settings.ts'
