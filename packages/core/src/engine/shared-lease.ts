import type { Store } from '../spec/store.ts'

/** The engine lease of one instance: taken when the first piece of work starts, given back when the last one ends. */
export interface SharedLease {
  hold<T>(holder: string, work: (token: string) => Promise<T>): Promise<T>
}

/** Makes one. Work of one instance may overlap (a pass, and a push beside it); two instances on one store may not. */
export const sharedLease = (store: Store): SharedLease => {
  let users = 0
  let token: Promise<string> | undefined
  let releasing: Promise<void> = Promise.resolve()

  const release = (held: string): Promise<void> => {
    token = undefined
    releasing = store.release(held).catch(() => {})
    return releasing
  }

  return {
    hold: async (holder, work) => {
      users += 1
      token ??= releasing.then(() => store.acquire(holder))
      try {
        return await work(await token)
      } finally {
        users -= 1
        if (users === 0) {
          const held = await token?.catch(() => undefined)
          // Someone may have come while we waited.
          if (held !== undefined && users === 0) await release(held)
          if (held === undefined) token = undefined
        }
      }
    },
  }
}
