import { signIdentity, signRequest } from '@millrace/intake'

/** What the shop's server knows, and its secrets. */
export interface ShopServer {
  /** Of `browser.identitySecret`. */
  identitySecret: string
  /** Of `secret`. */
  collectSecret: string
  endpoint: string
  /** The customer of a request's session, by the shop's own means. */
  customerOf(request: Request): string | undefined
}

/** `POST /millrace/identity`: a token for whoever is logged in, good for this visitor only. Never takes the customer from the request itself. */
export const answerIdentity = async ({ identitySecret, customerOf }: ShopServer, request: Request): Promise<Response> => {
  const customerId = customerOf(request)
  if (customerId === undefined) return new Response(null, { status: 401 })
  const { anonymousId } = (await request.json()) as { anonymousId?: unknown }
  if (typeof anonymousId !== 'string') return new Response(null, { status: 400 })
  return Response.json(
    { identity: await signIdentity(identitySecret, { customerId, anonymousId }) },
    { headers: { 'cache-control': 'no-store' } },
  )
}

/** Tells that a checkout was started, as soon as the shop knows: the next poll of carts would tell it too, and it is one event. */
export const tellCheckout = async (
  { collectSecret, endpoint }: ShopServer,
  { cartId, customerId, anonymousId }: { cartId: string; customerId?: string; anonymousId?: string },
): Promise<boolean> => {
  const event = {
    id: `checkout.started:${cartId}`,
    type: 'checkout.started',
    occurredAt: new Date().toISOString(),
    subject: { customerId, anonymousId },
    data: { cartId },
  }
  const body = JSON.stringify({ events: [event] })
  const headers = { 'content-type': 'application/json', ...signRequest(collectSecret, body, Date.now()) }
  const { status } = await fetch(endpoint, { method: 'POST', headers, body, signal: AbortSignal.timeout(5_000) })
  return status === 204
}
