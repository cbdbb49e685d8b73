export { marketing, type CommonSettings, type MarketingSettings } from './marketing.ts'
export { dotdigital, type DotdigitalSettings } from './dotdigital/dotdigital.ts'
export type {
  ConsentWrite,
  ContactWrite,
  DocumentKind,
  DocumentWrite,
  EventWrite,
  InitialState,
  MarketingProvider,
  Removal,
} from './provider.ts'
