import type { HttpReply } from '../../http/index.ts'
import { foldEmail, pairKey, type Account } from '../account.ts'
import { invalid, notFound, relatedMissing } from '../errors.ts'
import { filtered, listReply } from '../paging.ts'
import { created, envelope, ok, requiredText, text, type Route, type RouteContext } from '../route.ts'
import type { Connection, EcomCustomer } from './deep-data.ts'

function connectionView({ id, service, externalid, name, logoUrl, linkUrl }: Connection): object {
  return { service, externalid, name, isInternal: '0', status: '1', syncStatus: '0', logoUrl, linkUrl, id }
}

function connectionOf({ account, params }: RouteContext): Connection {
  const id = params['id'] ?? ''
  return account.connections.get(id) ?? notFound('Connection', id)
}

function connect(context: RouteContext): HttpReply {
  const { account } = context
  const body = envelope(context, 'connection')
  const row = {
    service: requiredText(body, 'service'),
    externalid: requiredText(body, 'externalid'),
    name: requiredText(body, 'name'),
    logoUrl: requiredText(body, 'logoUrl'),
    linkUrl: requiredText(body, 'linkUrl'),
  }
  if (account.connections.byKey(pairKey(row.service, row.externalid)) !== undefined) {
    invalid('connection-duplicate', 'The connection already exists.', 'duplicate', 'externalid')
  }
  return ok({ connection: connectionView(account.connections.insert(row)) })
}

function changeConnection(context: RouteContext): HttpReply {
  const before = connectionOf(context)
  const body = envelope(context, 'connection')
  const name = text(body, 'name') ?? before.name
  const logoUrl = text(body, 'logoUrl') ?? before.logoUrl
  const linkUrl = text(body, 'linkUrl') ?? before.linkUrl
  return ok({ connection: connectionView(context.account.connections.replace({ ...before, name, logoUrl, linkUrl })) })
}

function connections({ account, query }: RouteContext): HttpReply {
  const rows = filtered(query, account.connections.all(), { service: (row) => row.service, externalid: (row) => row.externalid })
  return listReply(query, 'connections', rows, connectionView)
}

function customerView({ id, connectionid, externalid, email, acceptsMarketing }: EcomCustomer): object {
  return { connectionid, externalid, email, acceptsMarketing, connection: connectionid, id }
}

function customerOf({ account, params }: RouteContext): EcomCustomer {
  const id = params['id'] ?? ''
  return account.ecomCustomers.get(id) ?? notFound('EcomCustomer', id)
}

function flag(body: Record<string, unknown>, fallback: '0' | '1'): '0' | '1' {
  const value = text(body, 'acceptsMarketing') ?? fallback
  return value === '0' || value === '1'
    ? value
    : invalid('field-invalid', 'acceptsMarketing is invalid.', 'field_invalid', 'acceptsMarketing')
}

/** Refuses an external id or address that another row of the connection has. */
function checkCustomer(account: Account, row: Omit<EcomCustomer, 'id'>, own?: string): void {
  for (const [name, value] of Object.entries({ externalid: row.externalid, email: foldEmail(row.email) })) {
    const other = account.ecomCustomers.byKey(pairKey(row.connectionid, value))
    if (other !== undefined && other.id !== own) invalid('ecom-customer-duplicate', 'The customer already exists.', 'duplicate', name)
  }
}

function createCustomer(context: RouteContext): HttpReply {
  const { account } = context
  const body = envelope(context, 'ecomCustomer')
  const connectionid = requiredText(body, 'connectionid')
  if (account.connections.get(connectionid) === undefined) relatedMissing('connectionid')
  const row = {
    connectionid,
    externalid: requiredText(body, 'externalid'),
    email: requiredText(body, 'email'),
    acceptsMarketing: flag(body, '0'),
  }
  checkCustomer(account, row)
  return created({ ecomCustomer: customerView(account.ecomCustomers.insert(row)) })
}

function changeCustomer(context: RouteContext): HttpReply {
  const before = customerOf(context)
  const body = envelope(context, 'ecomCustomer')
  const email = text(body, 'email') ?? before.email
  const changed = { ...before, email, acceptsMarketing: flag(body, before.acceptsMarketing) }
  checkCustomer(context.account, changed, before.id)
  return ok({ ecomCustomer: customerView(context.account.ecomCustomers.replace(changed)) })
}

function customers({ account, query }: RouteContext): HttpReply {
  const rows = filtered(query, account.ecomCustomers.all(), {
    connectionid: (row) => row.connectionid,
    externalid: (row) => row.externalid,
    email: (row) => row.email,
  })
  return listReply(query, 'ecomCustomers', rows, customerView)
}

/** Endpoints of connections and their customers. */
export const shopRoutes: readonly Route[] = [
  { method: 'POST', path: 'connections', handle: connect },
  { method: 'GET', path: 'connections', handle: connections },
  { method: 'GET', path: 'connections/:id', handle: (context) => ok({ connection: connectionView(connectionOf(context)) }) },
  { method: 'PUT', path: 'connections/:id', handle: changeConnection },
  { method: 'POST', path: 'ecomCustomers', handle: createCustomer },
  { method: 'GET', path: 'ecomCustomers', handle: customers },
  { method: 'GET', path: 'ecomCustomers/:id', handle: (context) => ok({ ecomCustomer: customerView(customerOf(context)) }) },
  { method: 'PUT', path: 'ecomCustomers/:id', handle: changeCustomer },
]
