import type { Subscription, SubscriptionDraft, SubscriptionUpdateAction } from '@commercetools/platform-sdk'
import type { CheckFinding, PlanChange, SourceContext } from '@millrace/core'
import { noticedTypes } from './decode-notification.ts'
import type { Workshop } from './reader.ts'
import type { Settings } from './settings.ts'
import type { SubscriptionSettings } from './subscription-settings.ts'

type Tools = Pick<Workshop, 'settings' | 'transport' | 'platform'>

const what = 'subscriptions (setting `subscription`)'

/** Changes rather than messages: some changes have no message (vendor notes), and a change carries nothing but a reference. */
const typesOf = ({ carts, shoppingLists, companies }: Settings): string[] => {
  const unread = new Set<string>([
    ...(carts ? [] : ['cart']),
    ...(shoppingLists === undefined ? ['shopping-list'] : []),
    ...(companies ? [] : ['business-unit']),
  ])
  return noticedTypes.filter((type) => !unread.has(type))
}

const draftOf = (wanted: SubscriptionSettings, settings: Settings): SubscriptionDraft => ({
  key: wanted.key,
  destination: wanted.destination,
  changes: typesOf(settings).map((resourceTypeId) => ({ resourceTypeId })),
  format: wanted.format === 'Platform' ? { type: 'Platform' } : { type: 'CloudEvents', cloudEventsVersion: '1.0' },
})

const find = async ({ transport, platform }: Tools, key: string, ctx: SourceContext): Promise<Subscription | undefined> =>
  (await transport.find(platform.subscriptions.byKey(key), what, ctx))?.body

const typesIn = ({ changes }: Pick<Subscription, 'changes'>): string[] => changes.map(({ resourceTypeId }) => resourceTypeId).toSorted()

/** Compared field by field as the settings have them: the platform adds some of its own. */
const sameDestination = (have: object, want: object): boolean =>
  Object.entries(want).every(([name, value]) => Object.entries(have).some(([other, held]) => other === name && held === value))

/** What the subscription of the settings lacks. Its format cannot be changed later, so another one is drift. */
export const planSubscription = async (tools: Tools, ctx: SourceContext): Promise<PlanChange[]> => {
  const { subscription } = tools.settings
  if (subscription === undefined) return []
  const draft = draftOf(subscription, tools.settings)
  const wanted = typesIn({ changes: draft.changes ?? [] })
  const target = `subscription ${subscription.key}`
  const have = await find(tools, subscription.key, ctx)
  if (have === undefined) {
    const differences = [
      { path: 'destination', have: undefined, want: draft.destination },
      { path: 'changes', have: undefined, want: wanted },
      { path: 'format', have: undefined, want: draft.format?.type },
    ]
    return [{ action: 'create', target, differences, destructive: false }]
  }
  const missing = wanted.filter((type) => !typesIn(have).includes(type))
  const differences = [
    ...(missing.length === 0
      ? []
      : [{ path: 'changes', have: typesIn(have), want: [...new Set([...typesIn(have), ...wanted])].toSorted() }]),
    ...(sameDestination(have.destination, draft.destination)
      ? []
      : [{ path: 'destination', have: have.destination, want: draft.destination }]),
  ]
  const format = { path: 'format', have: have.format.type, want: draft.format?.type }
  return [
    ...(differences.length === 0 ? [] : [{ action: 'update' as const, target, differences, destructive: false }]),
    ...(format.have === format.want ? [] : [{ action: 'drift' as const, target, differences: [format], destructive: false }]),
  ]
}

/** Makes or changes it. What it subscribes to beside ours is kept. */
export const applySubscription = async (tools: Tools, changes: readonly PlanChange[], ctx: SourceContext): Promise<void> => {
  const { subscription } = tools.settings
  if (subscription === undefined) return
  const { transport, platform } = tools
  for (const { action, differences } of changes) {
    const have = await find(tools, subscription.key, ctx)
    if (action === 'create' && have === undefined) {
      await transport.write(platform.subscriptions.create(draftOf(subscription, tools.settings)), what, ctx)
    } else if (action === 'update' && have !== undefined) {
      const actions = differences.flatMap(({ path }): SubscriptionUpdateAction[] => {
        if (path === 'destination') return [{ action: 'changeDestination', destination: subscription.destination }]
        const types = [...new Set([...typesIn(have), ...typesOf(tools.settings)])]
        return [{ action: 'setChanges', changes: types.map((resourceTypeId) => ({ resourceTypeId })) }]
      })
      await transport.write(platform.subscriptions.update(subscription.key, have.version, actions), what, ctx)
    }
  }
}

const cures: Readonly<Record<string, string>> = {
  ConfigurationError: 'Check that commercetools may write to its queue or topic.',
  ConfigurationErrorDeliveryStopped:
    'Mend its queue or topic, then run a sync: notifications of the meantime are lost, the poll finds what changed.',
  TemporaryError: 'It mends itself; the poll goes on meanwhile.',
  ManuallySuspended: 'Ask commercetools why it was suspended.',
}

/** Whether the subscription is there and healthy. A broken one loses no data, only speed: a warning. */
export const subscriptionFindings = async (tools: Tools, ctx: SourceContext): Promise<CheckFinding[]> => {
  const { subscription } = tools.settings
  if (subscription === undefined) return []
  const have = await find(tools, subscription.key, ctx)
  if (have === undefined) {
    const message = `The project has no subscription ${subscription.key}, so nothing is announced.`
    return [{ level: 'warning', code: 'source_subscription_missing', message, setting: 'subscription', cure: 'Run `millrace apply`.' }]
  }
  if (have.status === 'Healthy')
    return [{ level: 'ok', code: 'source_subscription_healthy', message: `The subscription ${subscription.key} is healthy.` }]
  return [
    {
      level: 'warning',
      code: 'source_subscription_unhealthy',
      message: `The subscription ${subscription.key} is ${have.status}: notifications may not arrive.`,
      setting: 'subscription',
      ...(cures[have.status] === undefined ? {} : { cure: cures[have.status] }),
    },
  ]
}
