import type { Order, Payment } from '@commercetools/platform-sdk'
import type { Change, ReadWindow, SourceContext } from '@millrace/core'
import { latest, toChange } from './change.ts'
import { type Condition, collect } from './keyset.ts'
import { lineReferences } from './lookups.ts'
import { toOrder } from './order.ts'
import type { Collection } from './platform.ts'
import { allOf, beforeWindow, collectByIds, idsOf, locate, type Reader, streamName, streamOf, type Workshop } from './reader.ts'

const paymentIds = (order: Order): string[] => (order.paymentInfo?.payments ?? []).map(({ id }) => id)

/**
 * Orders joined with their payments. In a delta the orders modified in the window come first, then the orders of payments modified in it: a refund is a
 * transaction of a payment and need not touch its order. The version has a part for the order and one for each payment.
 */
export const createOrderReader = (workshop: Workshop): Reader => {
  const { transport, platform, lookups, settings } = workshop

  const join = async (orders: readonly Order[], ctx: SourceContext): Promise<Change[]> => {
    const payments = await collect(
      transport,
      { listing: platform.payments, condition: { where: ['id in :values'] }, values: orders.flatMap(paymentIds) },
      ctx,
    )
    const byId = new Map(payments.map((payment) => [payment.id, payment]))
    await lookups.load(lineReferences(orders), ctx)
    return orders.map((order) => {
      const own = paymentIds(order).flatMap((id) => byId.get(id) ?? [])
      return toChange({
        entity: 'order',
        id: order.id,
        version: { order: order.version, ...Object.fromEntries(own.map((payment) => [`payment:${payment.id}`, payment.version])) },
        modifiedAt: latest(order.lastModifiedAt, ...own.map((payment) => payment.lastModifiedAt)),
        raw: { ...order, payments: own },
        map: () => toOrder(order, own, lookups.names, settings),
      })
    })
  }

  const ordersOf = async (payments: readonly string[], before: Condition | undefined, ctx: SourceContext): Promise<Order[]> => {
    const condition = allOf({ where: ['paymentInfo(payments(id in :values))'] }, before)
    const found = new Map<string, Order>()
    for (const listing of platform.orders) {
      const request = { listing, condition, values: payments, size: settings.pageSizes.order }
      for (const order of await collect(transport, request, ctx)) found.set(order.id, order)
    }
    return [...found.values()]
  }

  const orderStream = (listing: Collection<Order>) =>
    streamOf(workshop, { name: streamName('orders', listing.store), listing, size: settings.pageSizes.order, changes: join })

  const paymentStream = (before: Condition) =>
    streamOf(workshop, {
      name: 'payments',
      listing: platform.payments,
      size: settings.pageSizes.order,
      changes: async (payments: readonly Payment[], ctx) =>
        join(
          await ordersOf(
            payments.map(({ id }) => id),
            before,
            ctx,
          ),
          ctx,
        ),
    })

  return {
    streams: (window: ReadWindow) => {
      const before = beforeWindow(window)
      return [...platform.orders.map(orderStream), ...(before === undefined ? [] : [paymentStream(before)])]
    },
    get: async (id, ctx) => {
      for (const listing of platform.orders) {
        const reply = await transport.find(listing.byId(id), listing.what, ctx)
        if (reply !== undefined) return (await join([reply.body], ctx))[0]
      }
      return undefined
    },
    byIds: async (ids, ctx) => {
      const rows = await collectByIds(transport, platform.orders, ids, settings.pageSizes.order, ctx)
      return locate(rows, await join(rows, ctx))
    },
    ofPayments: async (ids, ctx) => {
      const orders = await ordersOf(ids, undefined, ctx)
      const changes = await join(orders, ctx)
      return orders.flatMap((order, index) => {
        const change = changes[index]
        return change === undefined ? [] : paymentIds(order).flatMap((id) => (ids.includes(id) ? [{ id, change }] : []))
      })
    },
    ids: (ctx) => idsOf(workshop, platform.orders, ({ id }) => id, ctx),
  }
}
