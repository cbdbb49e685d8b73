import { seedShop } from '@millrace/fake-vendors/commercetools'
import type { AuditFinding, AuditReport, Millrace } from '@millrace/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from './support/world.ts'

describe('an audit of a portal', () => {
  let world: World
  let millrace: Millrace

  beforeAll(async () => {
    world = await startWorld()
    seedShop(world.shop, { customers: 80, orders: 120, products: 30, seed: 5 })
    millrace = world.open()
    await millrace.apply()
    await millrace.backfill()
  }, 120_000)
  afterAll(() => world.close())

  const findingsOf = ({ connections }: AuditReport): AuditFinding[] => connections['hubspot']?.findings ?? []
  const remoteIds = (object: string): string[] => world.portal.portal.all(object === 'contact' ? 'contacts' : 'deals').map(({ id }) => id)

  it('finds nothing where everything is right, and chooses by the seed', async () => {
    const report = await millrace.audit({ sample: 1_000 })
    expect(report).toMatchObject({ ok: true, connections: { hubspot: { status: 'agrees', findings: [], unchecked: [] } } })
    const { contact, deal } = report.connections['hubspot']?.objects ?? {}
    expect(contact).toMatchObject({ compared: contact?.delivered, agree: contact?.delivered })
    expect(deal).toMatchObject({ compared: 120, agree: 120 })
    expect((await millrace.audit({ sample: 10, seed: 'a' })).connections['hubspot']?.objects['deal']).toMatchObject({
      delivered: 120,
      compared: 10,
    })
  })

  it('finds a changed field, a deal that is gone, a line that is gone, a line that was changed and a link that was cut', async () => {
    const { portal } = world.portal
    const [gone, cut, ...others] = remoteIds('deal')
    const contact = remoteIds('contact')[3] ?? ''
    portal.update('contacts', contact, { firstname: 'Somebody else' })
    const lines = portal
      .all('line_items')
      .filter(
        ({ properties }) => !properties['shop_line_key']?.startsWith(String(portal.get('deals', gone ?? '')?.properties['shop_order_key'])),
      )
    const [lost, dearer] = [lines[0], lines.at(-1)]
    if (gone === undefined || cut === undefined || others.length === 0 || lost === undefined || dearer === undefined)
      throw new TypeError('the shop is too small')
    portal.archive('deals', gone)
    portal.archive('line_items', lost.id)
    portal.update('line_items', dearer.id, { price: '0.01' })
    const buyers = portal.associated('deals', cut, 'contacts')
    const answer = await fetch(`${world.portal.url}/crm/associations/2026-03/deals/contacts/batch/archive`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.portal.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ inputs: buyers.map((id) => ({ from: { id: cut }, to: [{ id }] })) }),
    })
    expect(answer.ok).toBe(true)

    const report = await millrace.audit({ sample: 1_000 })
    expect(report.ok).toBe(false)
    const found = findingsOf(report).map(({ kind, object, remoteId, details }) => [kind, object, kind === 'lines' ? '' : remoteId, details])
    expect(found).toContainEqual(['fields', 'contact', contact, ['firstname']])
    expect(found).toContainEqual(['missing', 'deal', gone, []])
    expect(found).toContainEqual(['lines', 'deal', '', [lost.properties['shop_line_key']]])
    expect(found).toContainEqual(['lines', 'deal', '', [`${dearer.properties['shop_line_key']}: price`]])
    expect(found).toContainEqual(['associations', 'deal', cut, buyers.map((id) => `contact ${id}`)])
    expect(found).toHaveLength(5)
    expect(JSON.stringify(report)).not.toContain('Somebody else')
  })

  it('finds another contact under the e-mail of ours', async () => {
    const { portal } = world.portal
    const [, , , , ours = ''] = remoteIds('contact')
    const email = portal.get('contacts', ours)?.properties['email'] ?? ''
    portal.update('contacts', ours, { email: 'moved@example.com' })
    const other = portal.create('contacts', { email })
    const found = findingsOf(await millrace.audit({ sample: 1_000 })).filter(({ remoteId }) => remoteId === ours)
    expect(found.map(({ kind, details }) => [kind, details])).toContainEqual(['duplicate', [other]])
  })
})
