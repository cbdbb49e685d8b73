/**
 * Browse events of a shop's pages to a collect endpoint of Millrace. Plain JavaScript for browsers, no dependency: copy it and change what you like.
 * Call `start` only after the visitor agreed to it; that is your banner's business.
 */

const visitorKey = 'millrace-visitor'
const queueKey = 'millrace-queue'
/** More than the endpoint takes at once is useless; older events are dropped first. */
const longestQueue = 50

const lines = (products) =>
  products.map(({ sku, productKey, name, categoryPath, quantity, url }) => ({ sku, productKey, name, categoryPath, quantity, url }))

/**
 * endpoint: address of the collect endpoint. writeKey: the public key in its settings. identityUrl: where the shop's own server gives a token to whoever is logged in.
 * The rest is for tests: what a browser has by itself.
 */
export const createTracker = ({
  endpoint,
  writeKey,
  identityUrl,
  storage = localStorage,
  page = globalThis,
  fetch = globalThis.fetch.bind(globalThis),
}) => {
  let started = false
  let token
  let sending = Promise.resolve()
  let timer

  const read = () => JSON.parse(storage.getItem(queueKey) ?? '[]')
  const write = (events) => storage.setItem(queueKey, JSON.stringify(events.slice(-longestQueue)))

  const visitor = () => {
    const known = storage.getItem(visitorKey)
    if (known !== null) return known
    const made = page.crypto.randomUUID()
    storage.setItem(visitorKey, made)
    return made
  }

  const fetchToken = async () => {
    const response = await fetch(identityUrl, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ anonymousId: visitor() }),
    })
    token = response.ok ? (await response.json()).identity : undefined
  }

  const post = (events) =>
    fetch(endpoint, {
      method: 'POST',
      keepalive: true,
      credentials: 'omit',
      headers: { 'content-type': 'application/json', 'x-millrace-key': writeKey },
      body: JSON.stringify({ anonymousId: visitor(), ...(token === undefined ? {} : { identity: token }), events }),
    })

  /** Sends what waits. What cannot be sent now waits on; what the endpoint will never take is dropped. */
  const send = async (always) => {
    const events = read()
    if (!started || (events.length === 0 && !always)) return
    try {
      let { status } = await post(events)
      if (status === 401 && token !== undefined) {
        await fetchToken()
        status = (await post(events)).status
      }
      if (status === 429 || status >= 500) return
      const sent = new Set(events.map(({ id }) => id))
      write(read().filter(({ id }) => !sent.has(id)))
    } catch {
      // Offline: the next event or page tries again.
    }
  }
  const flush = (always = false) => (sending = sending.then(() => send(always)))

  const track = (type, data) => {
    if (!started) return
    write([...read(), { id: page.crypto.randomUUID(), type, occurredAt: new Date().toISOString(), data }])
    clearTimeout(timer)
    timer = setTimeout(flush, 2_000)
  }

  return {
    /** From now on events are kept and sent. */
    start: () => {
      started = true
      page.addEventListener?.('pagehide', () => void flush())
      return flush()
    },
    /** Who this browser is, for the shop's cart (`anonymousId`) and the shop's server. */
    visitor,
    productViewed: (product) => track('product.viewed', { url: page.location?.href, lines: lines([product]) }),
    categoryViewed: (categoryPath) => track('category.viewed', { url: page.location?.href, categoryPath }),
    searched: (query) => track('search', { query }),
    addedToCart: (product) => track('cart.item-added', { lines: lines([product]) }),
    /** After a login, and on every page of somebody who is logged in: what the visitor did before is told as that person's. */
    loggedIn: async () => {
      await fetchToken()
      await flush(true)
    },
    /** At the logout: whoever comes next is another visitor. */
    loggedOut: async () => {
      await flush()
      token = undefined
      storage.removeItem(visitorKey)
      storage.removeItem(queueKey)
    },
    /** Sends now what waits. */
    flush,
  }
}
