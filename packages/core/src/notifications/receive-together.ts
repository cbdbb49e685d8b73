import type { Clock } from '../clock.ts'
import type { IncomingNotice, Store } from '../spec/store.ts'

/** Keeps notices durably; resolves when they are. */
export type Receive = (notices: readonly IncomingNotice[]) => Promise<void>

interface Waiter {
  notices: readonly IncomingNotice[]
  resolve: () => void
  reject: (reason: unknown) => void
}

/** What arrives while the store writes goes with its next write: a burst costs a few transactions and not one for each request. */
export const receiveTogether = (store: Pick<Store, 'receive'>, clock: Clock): Receive => {
  let waiting: Waiter[] = []
  let writing = false

  const write = async (): Promise<void> => {
    writing = true
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        await store.receive(
          batch.flatMap(({ notices }) => notices),
          clock.now(),
        )
        for (const { resolve } of batch) resolve()
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    writing = false
  }

  return (notices) =>
    new Promise((resolve, reject) => {
      waiting.push({ notices, resolve, reject })
      if (!writing) void write()
    })
}
