export { acme, type AcmeSettings } from './acme.ts'
