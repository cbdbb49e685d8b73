/** Fails when a package imports against the directions of the design, or when core knows a vendor's or a platform's word. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/** What each package may import of ours, in sources; tests may also use fake-vendors and adapter-kit/testing. */
const allowed: Record<string, readonly string[]> = {
  core: [],
  'adapter-kit': ['core'],
  'source-commercetools': ['core', 'adapter-kit'],
  'destination-activecampaign': ['core', 'adapter-kit'],
  'destination-hubspot': ['core', 'adapter-kit'],
  'destination-marketing': ['core', 'adapter-kit'],
  'destination-crm-one': ['core', 'adapter-kit'],
  'destination-warehouse': ['core', 'adapter-kit'],
  'store-sqlite': ['core'],
  'fake-vendors': [],
  intake: ['core'],
  runner: ['core'],
  cli: ['core', 'runner', 'intake'],
  'create-millrace': ['core', 'runner'],
}

const forbiddenInCore = /hubspot|commercetools|activecampaign|dotdigital|magento|shopify|salesforce|tryton|crm[ _-]?one/i
const networkOrDisk = /from 'node:(?:fs|http|https|net|tls|dgram|dns|child_process|worker_threads)/

const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))

/** Texts that are written for a user, and what they are compared with: their imports are the user's. */
const templates = [join('create-millrace', 'src', 'config-text.ts'), join('cli', 'src', 'init.test.ts')]

const problems: string[] = []
for (const [name, imports] of Object.entries(allowed)) {
  for (const file of files(join(root, 'packages', name, 'src'))) {
    const text = readFileSync(file, 'utf8')
    if (templates.some((end) => file.endsWith(end))) continue
    const isTest = file.endsWith('.test.ts') || /[/\\]test-support[/.]/.test(file)
    const where = file.slice(root.length + 1)
    for (const [, imported = '', subpath = ''] of text.matchAll(/from '@millrace\/([a-z-]+)(\/[a-z-]+)?'/g)) {
      const testOnly = isTest && (imported === 'fake-vendors' || subpath === '/testing' || imports.includes(imported))
      if (imported === name || imports.includes(imported) || testOnly) continue
      problems.push(`${where} imports @millrace/${imported}${subpath}; ${name} may import: ${imports.join(', ') || 'nothing of ours'}`)
    }
    if (/from '\.\.\/\.\.\/\.\.\/.*packages\//.test(text)) problems.push(`${where} reaches into another package by a relative path`)
    if (name !== 'core') continue
    const word = isTest ? null : forbiddenInCore.exec(text)
    if (word !== null) problems.push(`${where} holds the word "${word[0]}": core knows no vendor and no platform`)
    if (!isTest && networkOrDisk.test(text)) problems.push(`${where} imports network or disk: core has neither`)
  }
}

for (const problem of problems) console.error(problem)
console.log(`import directions: ${problems.length} problems`)
process.exitCode = problems.length === 0 ? 0 : 1
