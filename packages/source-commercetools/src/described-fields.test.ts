import type { CustomValue, ValueKind } from '@millrace/core'
import { type FakeCommercetools, seedShop, startFakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changesOf, quickContext, sourceOf } from './test-support.ts'

let shop: FakeCommercetools
beforeEach(async () => {
  shop = await startFakeCommercetools()
})
afterEach(() => shop.close())

const stamp = '2026-01-01T00:00:00.000Z'
const described = async (source = sourceOf(shop)): Promise<Map<string, ValueKind>> =>
  new Map((await source.describe?.(quickContext()))?.map(({ path, kind }) => [path, kind]))
const field = (name: string, type: object) => ({
  name,
  label: { en: name },
  required: false,
  type: { name: 'String', ...type },
  inputHint: 'SingleLine',
})
const addType = (id: string, resourceTypeIds: string[], fieldDefinitions: unknown[]) =>
  shop.project.add('type', { id, key: id, name: { en: id }, createdAt: stamp, lastModifiedAt: stamp, resourceTypeIds, fieldDefinitions })

/** Whether a value that was read is what its definition says. */
const fits = (value: CustomValue, kind: ValueKind): boolean => {
  switch (kind.kind) {
    case 'boolean':
    case 'number':
      return typeof value === kind.kind
    case 'text':
      return typeof value === 'string' && (kind.values?.includes(value) ?? true)
    case 'date':
      return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)
    case 'instant':
      return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T.*Z$/.test(value)
    case 'list':
      return Array.isArray(value) && value.every((item) => fits(item, kind.of))
    default:
      break
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const entries = Object.entries(value)
  if (kind.kind === 'money') return typeof value['amount'] === 'string' && typeof value['currency'] === 'string'
  if (kind.kind === 'localized') return entries.every(([, text]) => typeof text === 'string')
  if (kind.kind !== 'object') return false
  return entries.every(([name, inner]) => Object.hasOwn(kind.fields, name) && fits(inner, kind.fields[name] ?? { kind: 'open' }))
}

describe('the fields that the shop defines', () => {
  it('are what its records hold, every kind of field and attribute', async () => {
    seedShop(shop, { customers: 60, orders: 60, products: 60, carts: 10, businessUnits: 5 })
    const source = sourceOf(shop, { carts: true })
    const known = await described(source)
    const wrong: string[] = []
    const seen = new Set<string>()
    const look = (prefix: string, values: object | undefined) => {
      for (const [name, value] of Object.entries(values ?? {}) as [string, CustomValue][]) {
        const path = `${prefix}.${name}`
        seen.add(path)
        const kind = known.get(path)
        if (kind === undefined || !fits(value, kind)) wrong.push(`${path}: ${JSON.stringify(value)} is no ${JSON.stringify(kind)}`)
      }
    }
    for (const entity of source.entities) {
      for (const change of await changesOf(source, entity, { mode: 'full', to: Date.now() })) {
        if (change.type !== 'upsert') continue
        const { record } = change
        if ('custom' in record) look('custom', record.custom)
        if ('attributes' in record) look('attributes', record.attributes)
        if ('lines' in record)
          for (const { custom, attributes } of record.lines) {
            look('custom', custom)
            look('attributes', attributes)
          }
        if ('variants' in record) for (const { attributes } of record.variants) look('attributes', attributes)
      }
    }
    expect(wrong).toEqual([])
    expect(seen.size).toBeGreaterThan(20)
    expect(known.get('custom.NEWSLETTER_SUBSCRIBE')).toEqual({ kind: 'text', values: ['YES', 'NO'] })
    expect(known.get('attributes.dimensions')).toEqual({ kind: 'object', fields: { length: { kind: 'number' }, unit: { kind: 'text' } } })
  })

  it('are read to the last page, of what is read into records only', async () => {
    for (let index = 0; index < 620; index += 1) addType(`t${String(index).padStart(4, '0')}`, ['customer'], [field(`unused${index}`, {})])
    addType('of-a-payment', ['payment'], [field('pspReference', {})])
    addType('of-several', ['payment', 'order'], [field('giftMessage', { name: 'Set', elementType: { name: 'LocalizedString' } })])
    const known = await described()
    expect(known.size).toBe(621)
    expect(known.get('custom.unused619')).toEqual({ kind: 'text' })
    expect(known.get('custom.giftMessage')).toEqual({ kind: 'list', of: { kind: 'localized' } })
    expect(shop.requests.filter(({ path }) => path.endsWith('/types'))).toHaveLength(2)
  })

  it('end where a product type holds itself, and what is new at the platform is open', async () => {
    const nested = { name: 'nested', typeReference: { typeId: 'product-type', id: 'box' } }
    const attributes = [
      { name: 'inside', label: { en: 'inside' }, isRequired: false, type: { name: 'set', elementType: nested } },
      { name: 'novelty', label: { en: 'novelty' }, isRequired: false, type: { name: 'hologram' } },
    ]
    shop.project.add('product-type', {
      id: 'box',
      key: 'box',
      name: 'box',
      description: '',
      createdAt: stamp,
      lastModifiedAt: stamp,
      attributes,
    })
    const known = await described()
    expect(known.get('attributes.inside')).toMatchObject({ kind: 'list', of: { fields: { inside: { kind: 'list' } } } })
    expect(known.get('attributes.novelty')).toEqual({ kind: 'open' })
  })

  it('need the scope for types', async () => {
    shop.revokeScope('view_types')
    await expect(described()).rejects.toMatchObject({ code: 'source_scope_missing' })
  })
})
