import type { FakeHubSpot } from '@millrace/fake-vendors/hubspot'

const keys = {
  contacts: 'shop_customer_key',
  companies: 'shop_company_key',
  products: 'shop_product_key',
  deals: 'shop_order_key',
  line_items: 'shop_line_key',
} as const
type Kind = keyof typeof keys

const linksOf: readonly (readonly [Kind, Kind])[] = [
  ['contacts', 'companies'],
  ['deals', 'contacts'],
  ['deals', 'companies'],
  ['deals', 'line_items'],
  ['line_items', 'deals'],
]

/** Differs between two portals, or tells how a record came and not what it is. */
const isIncidental = (name: string): boolean =>
  name === 'shop_historical' || name === 'createdate' || name === 'lastmodifieddate' || name === 'hs_lastmodifieddate'

/**
 * Everything that a portal holds in words that mean the same in every portal: objects by our own key, links by keys, stages by name. Objects without our key stand
 * under their record id, objects with the same key in one list, so that orphans and duplicates show when two portals are compared.
 */
export const portalContent = ({ portal }: FakeHubSpot): Record<string, Record<string, object[]>> => {
  const keyOf = (kind: Kind, id: string): string => portal.get(kind, id)?.properties[keys[kind]] ?? `record ${id}`
  const names = new Map(
    portal
      .pipelines('deals')
      .flatMap(({ id, label, stages }) => [[id, label] as const, ...stages.map((stage) => [stage.id, stage.label] as const)]),
  )
  const meaning = (name: string, value: string): string => {
    if (name === 'hs_product_id') return keyOf('products', value)
    return name === 'pipeline' || name === 'dealstage' ? (names.get(value) ?? value) : value
  }
  const contentOf = (kind: Kind): Record<string, object[]> => {
    const content: Record<string, object[]> = {}
    for (const { id, properties } of portal.all(kind)) {
      const values = Object.entries(properties).filter(([name]) => !isIncidental(name))
      const links = linksOf
        .filter(([from]) => from === kind)
        .map(([, to]) => [
          to,
          portal
            .associated(kind, id, to)
            .map((other) => keyOf(to, other))
            .toSorted(),
        ])
      const known = (content[keyOf(kind, id)] ??= [])
      known.push({ ...Object.fromEntries(values.map(([name, value]) => [name, meaning(name, value)])), links: Object.fromEntries(links) })
    }
    return content
  }
  return {
    contacts: contentOf('contacts'),
    companies: contentOf('companies'),
    products: contentOf('products'),
    deals: contentOf('deals'),
    line_items: contentOf('line_items'),
  }
}

/** Keys whose objects differ between two portals, with what differs. The first ten; empty when both hold the same. */
export const differences = (one: FakeHubSpot, other: FakeHubSpot): string[] => {
  const [left, right] = [portalContent(one), portalContent(other)]
  const found = Object.keys(left).flatMap((kind) => {
    const all = new Set([...Object.keys(left[kind] ?? {}), ...Object.keys(right[kind] ?? {})])
    return [...all].flatMap((key) => {
      const [here, there] = [left[kind]?.[key] ?? [], right[kind]?.[key] ?? []]
      if (JSON.stringify(here.map(sorted)) === JSON.stringify(there.map(sorted))) return []
      return [`${kind} ${key}: ${here.length} and ${there.length} objects${firstDifference(here[0], there[0])}`]
    })
  })
  return found.length > 10 ? [...found.slice(0, 10), `and ${found.length - 10} more`] : found
}

const sorted = (content: object): unknown => Object.entries(content).toSorted(([a], [b]) => (a < b ? -1 : 1))

const firstDifference = (here: object = {}, there: object = {}): string => {
  const [left, right] = [new Map(Object.entries(here)), new Map(Object.entries(there))]
  const differing = [...new Set([...left.keys(), ...right.keys()])].filter(
    (name) => JSON.stringify(left.get(name)) !== JSON.stringify(right.get(name)),
  )
  return differing.map((name) => `; ${name}: ${JSON.stringify(left.get(name))} and ${JSON.stringify(right.get(name))}`).join('')
}
