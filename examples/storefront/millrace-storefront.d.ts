/** Goods on a page. */
export interface Product {
  sku?: string
  productKey?: string
  name?: string
  categoryPath?: string[]
  quantity?: number
  url?: string
}

/** What a page calls. */
export interface Tracker {
  start(): Promise<void>
  visitor(): string
  productViewed(product: Product): void
  categoryViewed(categoryPath: string[]): void
  searched(query: string): void
  addedToCart(product: Product): void
  loggedIn(): Promise<void>
  loggedOut(): Promise<void>
  flush(): Promise<void>
}

/** Where events go, and what a browser has by itself (for tests). */
export interface TrackerOptions {
  endpoint: string
  writeKey: string
  identityUrl: string
  storage?: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  page?: { crypto: { randomUUID(): string }; location?: { href: string }; addEventListener?(event: string, listener: () => void): void }
  fetch?: typeof fetch
}

export declare const createTracker: (options: TrackerOptions) => Tracker
