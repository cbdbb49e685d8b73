/** Fails when a package imports against the directions of the design, or when core knows a vendor's or a platform's word. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/** What each package may import of ours, in sources; tests may also use fake-vendors and adapter-kit/testing. */
const allowed: Record<string, readonly string[]> = {
  core: [],
  'adapter-kit': ['core'],
  'source-commercetools': ['core', 'adapter-kit'],
  'destination-hubspot': ['core', 'adapter-kit'],
  'destination-activecampaign': ['core', 'adapter-kit'],
