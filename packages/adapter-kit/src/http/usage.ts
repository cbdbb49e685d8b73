import type { Usage } from '@millrace/core'

/** The requests of several clients together. */
export const sumUsage = (clients: Iterable<{ usage(): Usage }>): Usage => {
  const total: Usage = { requests: 0, rateLimited: 0, retries: 0 }
  for (const client of clients) {
    const { requests, rateLimited, retries } = client.usage()
    total.requests += requests
    total.rateLimited += rateLimited
    total.retries += retries
  }
  return total
}
