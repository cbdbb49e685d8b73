import { type FakeCommercetools, startFakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SubscriptionSettings } from './subscription-settings.ts'
import { quickContext, sourceOf } from './test-support.ts'

const subscription: SubscriptionSettings = {
  key: 'millrace',
  destination: { type: 'GoogleCloudPubSub', projectId: 'my-project', topic: 'shop' },
}
const ctx = quickContext()
let shop: FakeCommercetools
beforeEach(async () => {
  shop = await startFakeCommercetools({ scopes: ['manage_project'] })
})
afterEach(() => shop.close())

const source = (over: Partial<SubscriptionSettings> = {}) => sourceOf(shop, { subscription: { ...subscription, ...over } })

describe('the subscription of the settings', () => {
  it('is made by apply, and then there is nothing more to plan', async () => {
    const planned = (await source().plan?.(ctx)) ?? []
    expect(planned).toMatchObject([{ action: 'create', target: 'subscription millrace', destructive: false }])
    expect(shop.project.count('subscription')).toBe(0)
    await source().apply?.(planned, ctx)
    const [made] = shop.project.all('subscription')
    expect(made).toMatchObject({
      key: 'millrace',
      destination: { type: 'GoogleCloudPubSub', topic: 'shop' },
      format: { type: 'CloudEvents', cloudEventsVersion: '1.0' },
    })
    expect((made?.['changes'] as { resourceTypeId: string }[] | undefined)?.map(({ resourceTypeId }) => resourceTypeId)).toEqual([
      'customer',
      'order',
      'payment',
      'product',
      'category',
      'business-unit',
    ])
    expect(await source().plan?.(ctx)).toEqual([])
  })

  it('that lost a type or points elsewhere is changed, and keeps what others subscribed to', async () => {
    await source().apply?.((await source().plan?.(ctx)) ?? [], ctx)
    const [made] = shop.project.all('subscription')
    shop.project.update('subscription', made?.id ?? '', { changes: [{ resourceTypeId: 'order' }, { resourceTypeId: 'zone' }] })
    const planned = (await source({ destination: { ...subscription.destination, topic: 'new' } as never }).plan?.(ctx)) ?? []
    expect(planned.flatMap(({ differences }) => differences.map(({ path }) => path))).toEqual(['changes', 'destination'])
    await source({ destination: { ...subscription.destination, topic: 'new' } as never }).apply?.(planned, ctx)
    const [changed] = shop.project.all('subscription')
    expect(changed).toMatchObject({ destination: { topic: 'new' } })
    const types = (changed?.['changes'] as { resourceTypeId: string }[] | undefined)?.map(({ resourceTypeId }) => resourceTypeId)
    expect(types).toEqual(expect.arrayContaining(['zone', 'customer', 'payment']))
  })

  it('in another format is reported, since no call changes it', async () => {
    await source().apply?.((await source().plan?.(ctx)) ?? [], ctx)
    expect(await source({ format: 'Platform' }).plan?.(ctx)).toMatchObject([{ action: 'drift', differences: [{ path: 'format' }] }])
  })

  it('is looked after by check: missing, healthy or broken', async () => {
    const codes = async () => (await source().check(ctx)).flatMap(({ code }) => (code.includes('subscription') ? [code] : []))
    expect(await codes()).toEqual(['source_subscription_missing'])
    await source().apply?.((await source().plan?.(ctx)) ?? [], ctx)
    const [made] = shop.project.all('subscription')
    shop.project.update('subscription', made?.id ?? '', { status: 'Healthy' })
    expect(await codes()).toEqual(['source_subscription_healthy'])
    shop.project.update('subscription', made?.id ?? '', { status: 'ConfigurationErrorDeliveryStopped' })
    expect(await codes()).toEqual(['source_subscription_unhealthy'])
  })

  it('is nothing where the settings name none', async () => {
    expect(await sourceOf(shop).plan?.(ctx)).toEqual([])
  })

  it.each<[string, unknown]>([
    ['subscription.key', { ...subscription, key: 'not a key' }],
    ['subscription.destination.type', { ...subscription, destination: { type: 'Webhook' } }],
    ['subscription.destination.topic', { ...subscription, destination: { type: 'GoogleCloudPubSub', projectId: 'p' } }],
  ])('with a wrong %s is refused', (setting, given) => {
    expect(() => sourceOf(shop, { subscription: given as SubscriptionSettings })).toThrow(setting)
  })
})
