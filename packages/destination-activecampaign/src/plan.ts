import type { Contract, DestinationContext, FieldRule, PlanChange } from '@millrace/core'
import type { Account } from './account.ts'
import { connectionBody, externalIdOf } from './connections.ts'
import { eventForm, maxName } from './event-form.ts'
import { fieldOf, vendorType, type Schema } from './field.ts'
import { asText, isObject, member, textOf } from './json.ts'
import { keyTitle, isOwnMember } from './names.ts'
import { allRows } from './pages.ts'

/** What `apply` does for a change of the plan. */
export type Details =
  | { kind: 'field'; title: string; type: string; description: string; options: string[] }
  | { kind: 'options'; id: string; options: string[] }
  | { kind: 'relation'; id: string }
  | { kind: 'connection'; externalId: string }
  | { kind: 'tracking' }
  | { kind: 'event'; name: string }

/** A field as it has to be. */
interface DesiredField {
  title: string
  type: string
  description: string
  options: string[]
}

const optionsOf = ({ type, options = [] }: Pick<FieldRule, 'type' | 'options'>): string[] =>
  type === 'boolean' ? ['true', 'false'] : options.map(({ value }) => value)

/** The custom fields that a contract needs: our key, then every field of a contact that brings its type. */
export const desiredFields = (contract: Contract): DesiredField[] => {
  const key = keyTitle(contract)
  const own = {
    title: key,
    type: 'text',
    description: 'Our own key of the person in the shop. People are recognised by it: do not edit.',
    options: [],
  }
  const rules = Object.entries(contract.objects['contact']?.fields ?? {})
  return [
    own,
    ...rules.flatMap(([title, rule]) =>
      rule.type === undefined || title === key || isOwnMember(title)
        ? []
        : [
            {
              title,
              type: vendorType[rule.type],
              description: rule.purpose ?? rule.label ?? 'Kept up to date by Millrace.',
              options: optionsOf(rule),
            },
          ],
    ),
  ]
}

const change = (action: PlanChange['action'], target: string, differences: PlanChange['differences'], details?: Details): PlanChange => ({
  action,
  target,
  differences,
  destructive: false,
  ...(details === undefined ? {} : { details }),
})

/** Types that hold the same kind of text, so that a field that people made serves as well. */
const likeText = new Set(['text', 'textarea', 'hidden', 'NULL'])
const likeChoice = new Set(['dropdown', 'radio'])
const likeChoices = new Set(['listbox', 'checkbox'])
const isSame = (a: string, b: string): boolean => a === b || [likeText, likeChoice, likeChoices].some((kind) => kind.has(a) && kind.has(b))

const planField = (want: DesiredField, schema: Schema): PlanChange[] => {
  const target = `contact field ${want.title}`
  const have = fieldOf(schema, want.title)
  if (want.options.some((option) => option.includes('||')))
    return [change('drift', target, [{ path: 'options', have: '||', want: 'no option with ||, which parts options in ActiveCampaign' }])]
  if (have === undefined) {
    const differences = Object.entries(want).flatMap(([path, value]) =>
      path === 'options' && want.options.length === 0 ? [] : [{ path, have: undefined, want: value }],
    )
    return [change('create', target, differences, { kind: 'field', ...want })]
  }
  if (!isSame(have.type, want.type)) return [change('drift', target, [{ path: 'type', have: have.type, want: want.type }])]
  const missing = want.options.filter((option) => !have.options.includes(option))
  return [
    ...(missing.length === 0
      ? []
      : [
          change('update', target, [{ path: 'options', have: have.options, want: [...have.options, ...missing] }], {
            kind: 'options',
            id: have.id,
            options: missing,
          }),
        ]),
    ...(have.related ? [] : [change('update', target, [{ path: 'visible', have: false, want: true }], { kind: 'relation', id: have.id })]),
  ]
}

const planConnections = async (account: Account, ctx: DestinationContext): Promise<PlanChange[]> => {
  const shops = Object.keys(account.settings.shops)
  if (shops.length === 0 || !('order' in ctx.contract.objects || 'cart' in ctx.contract.objects)) return []
  account.connections.forget()
  const known = await account.connections.known(ctx.signal)
  return shops.flatMap((shop) => {
    const externalId = externalIdOf(ctx.contract.prefix, shop)
    if (known.has(externalId)) return []
    const body = connectionBody(externalId, account.settings)
    const differences = Object.entries(body).map(([path, want]) => ({ path, have: undefined, want }))
    return [change('create', `connection ${externalId}`, differences, { kind: 'connection', externalId })]
  })
}

/** Names of the events that go to event tracking. */
export const trackedEvents = (contract: Contract): string[] =>
  Object.entries(contract.events).flatMap(([type, rule]) => (eventForm(rule) === 'event' ? [rule.name ?? type] : []))

/** Whether event tracking is switched on. */
export const isTracking = async ({ client }: Account, signal: AbortSignal): Promise<boolean> => {
  const { body } = await client.require({ method: 'GET', path: 'eventTracking', call: 'event tracking', signal })
  const enabled = member(member(body, 'eventTracking'), 'enabled')
  return enabled === true || asText(enabled) === '1' || enabled === 'true'
}

const planEvents = async (account: Account, ctx: DestinationContext): Promise<PlanChange[]> => {
  const names = trackedEvents(ctx.contract)
  if (names.length === 0 || account.settings.tracking === undefined || !('event' in ctx.contract.objects)) return []
  const on = await isTracking(account, ctx.signal)
  const rows = await allRows(account.client, { path: 'eventTrackingEvents', name: 'eventTrackingEvents', signal: ctx.signal })
  const known = new Set(rows.flatMap((row) => textOf(row, 'name') ?? []))
  return [
    ...(on ? [] : [change('update', 'event tracking', [{ path: 'enabled', have: false, want: true }], { kind: 'tracking' })]),
    ...names.flatMap((name) => {
      if (known.has(name)) return []
      const target = `event ${name}`
      return name.length > maxName
        ? [change('drift', target, [{ path: 'name', have: name, want: `at most ${maxName} characters` }])]
        : [change('create', target, [{ path: 'name', have: undefined, want: name }], { kind: 'event', name })]
    }),
  ]
}

/** Lists that the contract names by a fixed name. They are the user's own: they have senders and footers that nobody can guess. */
const planLists = async (account: Account, { contract, signal }: DestinationContext): Promise<PlanChange[]> => {
  const topics = Object.values(contract.consent.topics).flatMap(({ channel, target }) =>
    channel === 'email' && target !== undefined ? [target] : [],
  )
  const members = contract.memberships.flatMap(({ kind, name }) => (kind === 'list' && name !== undefined ? [name] : []))
  const names = [...new Set([...topics, ...members])]
  if (names.length === 0) return []
  account.lists.forget()
  const lists = await account.lists.get(signal)
  return names.flatMap((name) =>
    lists.has(name.toLowerCase()) ? [] : [change('drift', `list ${name}`, [{ path: 'exists', have: false, want: true }])],
  )
}

/** Compares what the contract needs with what the account has, read anew: contact fields, connections, event tracking, lists. */
export const planAccount = async (account: Account, ctx: DestinationContext): Promise<PlanChange[]> => {
  account.schema.forget()
  const schema = await account.schema.get(ctx.signal)
  const fields = desiredFields(ctx.contract).flatMap((want) => planField(want, schema))
  return [...fields, ...(await planConnections(account, ctx)), ...(await planEvents(account, ctx)), ...(await planLists(account, ctx))]
}

const kinds: ReadonlySet<unknown> = new Set(['field', 'options', 'relation', 'connection', 'tracking', 'event'])

/** The details are our own plan's, handed through by core as plain data; the kind tells whether they are. */
export const isDetails = (details: unknown): details is Details => isObject(details) && kinds.has(details['kind'])
