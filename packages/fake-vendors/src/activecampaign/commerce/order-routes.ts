import type { HttpReply } from '../../http/index.ts'
import type { Account } from '../account.ts'
import { invalid, notFound } from '../errors.ts'
import { filtered, listReply } from '../paging.ts'
import { created, envelope, ok, stamp, type Route, type RouteContext } from '../route.ts'
import { ecomOrderKeys, type EcomOrder, type EcomProduct } from './deep-data.ts'
import { parseOrder } from './order-input.ts'

function orderView(order: EcomOrder): object {
  const { orderProducts, orderDiscounts: _, createdAt, updatedAt, totalPrice, shippingAmount, taxAmount, discountAmount, ...rest } = order
  const amounts = {
    totalPrice: String(totalPrice),
    shippingAmount: String(shippingAmount),
    taxAmount: String(taxAmount),
    discountAmount: String(discountAmount),
    totalProducts: String(orderProducts.length),
  }
  return {
    ...rest,
    ...amounts,
    connection: order.connectionid,
    customer: order.customerid,
    cdate: stamp(createdAt),
    udate: stamp(updatedAt),
  }
}

function productViews({ id, connectionid, orderProducts }: EcomOrder): object[] {
  return orderProducts.map((item: EcomProduct, index) => ({
    ...item,
    orderid: id,
    connectionid,
    price: String(item.price),
    quantity: String(item.quantity),
    id: `${id}${String(index + 1).padStart(3, '0')}`,
  }))
}

function orderOf({ account, params }: RouteContext): EcomOrder {
  const id = params['id'] ?? ''
  return account.ecomOrders.get(id) ?? notFound('EcomOrder', id)
}

function checkKeys(account: Account, order: EcomOrder): void {
  for (const key of ecomOrderKeys(order)) {
    const other = account.ecomOrders.byKey(key)
    if (other === undefined || other.id === order.id) continue
    const name = key.startsWith('order:') ? 'externalid' : 'externalcheckoutid'
    invalid('ecom-order-duplicate', 'The order already exists in the system.', 'duplicate', name)
  }
}

/** Only real-time orders and carts start automations. */
function trigger(account: Account, order: EcomOrder): void {
  if (order.source === '1') account.triggers.push({ at: account.settings.now(), kind: 'deep-data-order', id: order.id })
}

function create(context: RouteContext): HttpReply {
  const { account } = context
  const parsed = parseOrder(account, envelope(context, 'ecomOrder'), undefined)
  checkKeys(account, { ...parsed, id: '' })
  const order = account.ecomOrders.insert(parsed)
  trigger(account, order)
  return created({ ecomOrderProducts: productViews(order), ecomOrder: orderView(order) })
}

function change(context: RouteContext): HttpReply {
  const { account } = context
  const before = orderOf(context)
  const order = { ...parseOrder(account, envelope(context, 'ecomOrder'), before), id: before.id }
  checkKeys(account, order)
  account.ecomOrders.replace(order)
  if (before.externalid === null && order.externalid !== null) trigger(account, order)
  return ok({ ecomOrderProducts: productViews(order), ecomOrder: orderView(order) })
}

function list({ account, query }: RouteContext): HttpReply {
  const rows = filtered(query, account.ecomOrders.all(), {
    connectionid: (row) => row.connectionid,
    externalid: (row) => row.externalid,
    externalcheckoutid: (row) => row.externalcheckoutid,
    email: (row) => row.email,
    state: (row) => row.state,
    customerid: (row) => row.customerid,
  })
  return listReply(query, 'ecomOrders', rows, orderView)
}

function remove(context: RouteContext): HttpReply {
  context.account.ecomOrders.delete(orderOf(context).id)
  return ok({})
}

function products({ account, query }: RouteContext): HttpReply {
  return listReply(query, 'ecomOrderProducts', account.ecomOrders.all().flatMap(productViews), (row) => row)
}

/** Endpoints of Deep Data orders and carts. */
export const orderRoutes: readonly Route[] = [
  { method: 'POST', path: 'ecomOrders', handle: create },
  { method: 'GET', path: 'ecomOrders', handle: list },
  { method: 'GET', path: 'ecomOrders/:id', handle: (context) => ok({ ecomOrder: orderView(orderOf(context)) }) },
  { method: 'PUT', path: 'ecomOrders/:id', handle: change },
  { method: 'DELETE', path: 'ecomOrders/:id', handle: remove },
  {
    method: 'GET',
    path: 'ecomOrders/:id/orderProducts',
    handle: (context) => listReply(context.query, 'ecomOrderProducts', productViews(orderOf(context)), (row) => row),
  },
  { method: 'GET', path: 'ecomOrderProducts', handle: products },
]
