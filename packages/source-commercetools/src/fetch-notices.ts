import type { Change, Entity, Fetched, Notice, SourceContext } from '@millrace/core'
import type { NoticedType } from './decode-notification.ts'
import type { Located, Reader } from './reader.ts'
import { notVisible } from './wait-for-version.ts'

/** How things of one type are read: the kind of record they bring, and the part of its version that a notice speaks of. */
interface Lane {
  entity: Entity
  part: (id: string) => string
}

const own = (entity: Entity): Lane => ({ entity, part: () => entity })

const lanes: Readonly<Record<NoticedType, Lane>> = {
  customer: own('customer'),
  order: own('order'),
  payment: { entity: 'order', part: (id) => `payment:${id}` },
  product: own('product'),
  category: own('category'),
  cart: own('cart'),
  'shopping-list': own('shopping-list'),
  'business-unit': own('company'),
}

/** About four seconds in all: a notification may arrive before the platform's replicas have what it speaks of. */
const waitsMs = [250, 500, 1_000, 2_000]

/**
 * Fetches what notices speak of, many with one request. A payment brings its order. What a notice calls deleted, and the platform says twice not to have, is gone;
 * what is gone without having been called so is left to the comparison of ids. What stays older than its notice is an error that is worth trying again.
 */
export const fetchNotices = async (
  readers: ReadonlyMap<Entity, Reader>,
  notices: readonly Notice[],
  ctx: SourceContext,
): Promise<Fetched[]> => {
  const fetched: Fetched[] = []
  // The data was made by `decodeNotification`.
  for (const [type, group] of Map.groupBy(notices, ({ data }) => data['type'] as NoticedType)) {
    const reader = readers.get(lanes[type].entity)
    if (reader === undefined) fetched.push(...group.map(({ key }) => ({ key, changes: [] })))
    else fetched.push(...(await fetchType(reader, type, group, ctx)))
  }
  return fetched
}

const fetchType = async (reader: Reader, type: NoticedType, notices: readonly Notice[], ctx: SourceContext): Promise<Fetched[]> => {
  const fetched: Fetched[] = []
  let open = notices
  for (const waitMs of [...waitsMs, undefined]) {
    const found = Map.groupBy(await locate(reader, type, open.map(idOf), ctx), ({ id }) => id)
    const late: Notice[] = []
    for (const notice of open) {
      const changes = (found.get(idOf(notice)) ?? []).map(({ change }) => change)
      if (notice.data['deleted'] === true) fetched.push(await fetchDeleted(reader, type, notice, changes, ctx))
      else if (isCurrent(type, notice, changes)) fetched.push({ key: notice.key, changes })
      else late.push(notice)
    }
    open = late
    if (open.length === 0 || waitMs === undefined) break
    await ctx.clock.sleep(waitMs, ctx.signal)
  }
  return [...fetched, ...open.map(({ key }) => ({ key, error: notVisible() }))]
}

const idOf = ({ data }: Notice): string => String(data['id'])

const locate = async (reader: Reader, type: NoticedType, ids: readonly string[], ctx: SourceContext): Promise<Located[]> =>
  type === 'payment' ? ((await reader.ofPayments?.(ids, ctx)) ?? []) : await reader.byIds(ids, ctx)

/** A thing of version 1 that is not there may be too new; a payment may belong to no order, and products and lists may be none that are wanted. */
const isCurrent = (type: NoticedType, { version, data }: Notice, changes: readonly Change[]): boolean => {
  const { part } = lanes[type]
  if (changes.length === 0) return type === 'payment' || type === 'product' || type === 'shopping-list' || version > 1
  return changes.some((change) => {
    const have = change.version[part(String(data['id']))]
    return have === undefined || have >= version
  })
}

const fetchDeleted = async (
  reader: Reader,
  type: NoticedType,
  { key, version, at, data }: Notice,
  found: readonly Change[],
  ctx: SourceContext,
): Promise<Fetched> => {
  if (found.length > 0) return { key, changes: [...found] }
  if (type === 'payment' || (await reader.byIds([String(data['id'])], ctx)).length > 0) return { key, changes: [] }
  const { entity } = lanes[type]
  // Products, categories and companies are known by their key where they have one.
  const id = entity === 'product' || entity === 'category' || entity === 'company' ? String(data['key'] ?? data['id']) : String(data['id'])
  const erase = data['erase'] === true ? { erase: true } : {}
  return { key, changes: [{ type: 'delete', entity, id, version: version === 0 ? {} : { [entity]: version }, modifiedAt: at, ...erase }] }
}
