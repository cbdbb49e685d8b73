import { resolveContract, type Contract, type ContractOverride, type Destination } from '@millrace/core'
import { activecampaign } from '@millrace/destination-activecampaign'
import { hubspot } from '@millrace/destination-hubspot'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { contract as activecampaignContract } from '../examples/recipes/activecampaign.ts'
import { contract as hubspotContract } from '../examples/recipes/hubspot.ts'

const folder = fileURLToPath(new URL('../docs/recipes/', import.meta.url))
const pages = readdirSync(folder).filter((name) => name !== 'README.md')

/** The part of a page that speaks of one destination. */
const section = (page: string, title: string): string =>
  readFileSync(`${folder}${page}`, 'utf8')
    .split(/^## /m)
    .find((part) => part.startsWith(title)) ?? ''

/** Names of ours in back-ticks. */
const namesIn = (text: string): string[] => [...new Set([...text.matchAll(/`(shop_[a-z0-9_]+)`/g)].map(([, name]) => name ?? ''))]

const vendors: Record<
  string,
  { destination: Pick<Destination, 'name' | 'objects' | 'defaultContract' | 'read'>; override: ContractOverride }
> = {
  ActiveCampaign: {
    destination: activecampaign({ apiUrl: 'https://a.api-us1.com', apiToken: 't', tracking: { accountId: '1', eventKey: 'k' } }),
    override: activecampaignContract,
  },
  HubSpot: { destination: hubspot({ accessToken: 't', events: 'auto', carts: true }), override: hubspotContract },
}

/** Every name that the destination knows under a contract: fields of objects and their children, events, and the times that stand for events. */
const known = (contract: Contract): Set<string> => {
  const fields = Object.values(contract.objects).flatMap((object) => [
    ...Object.keys(object.fields),
    ...Object.values(object.children ?? {}).flatMap((child) => Object.keys(child.fields)),
  ])
  const events = Object.entries(contract.events).map(([type, { name }]) => name ?? `${contract.prefix}_${type.replace(/\W/g, '_')}`)
  return new Set([...fields, ...events, ...events.map((name) => `${name}_event_at`)])
}

describe('every recipe', () => {
  it('is there', () => {
    expect(pages.toSorted()).toEqual([
      'cart-recovery.md',
      'high-value-cart-task.md',
      'post-purchase-by-category.md',
      'repeated-category-views.md',
      'replenishment.md',
      'watched-products.md',
      'winback.md',
    ])
  })

  it.each(pages)('%s says for both tools what starts it, for whom, with what, and not for whom, and how to measure it', (page) => {
    for (const vendor of ['HubSpot', 'ActiveCampaign'])
      for (const part of ['Trigger', 'Who', 'Says', 'Not'])
        expect(section(page, vendor)).toMatch(new RegExp(`^\\| ${part} \\| \\S.+ \\|$`, 'm'))
    expect(section(page, 'Measure').length).toBeGreaterThan(80)
  })

  for (const [vendor, { destination, override }] of Object.entries(vendors)) {
    const contract = resolveContract(destination, override, `examples/recipes (${vendor})`)
    it.each(pages)(`%s names only what the contract of ${vendor} brings`, (page) => {
      const names = namesIn(section(page, vendor))
      expect(names.length).toBeGreaterThan(3)
      expect(names.filter((name) => !known(contract).has(name))).toEqual([])
    })
  }
})
