/** What {@link stopOnSignals} needs of `process`. */
export interface SignalHost {
  on(signal: StopSignal, listener: () => void): unknown
  off(signal: StopSignal, listener: () => void): unknown
  exit(code: number): void
}

/** Signals that ask for an end. */
export type StopSignal = 'SIGINT' | 'SIGTERM'

/** The exit code of a process that a signal ended, as shells report it. */
export const signalExitCodes: Readonly<Record<StopSignal, number>> = { SIGINT: 130, SIGTERM: 143 }

/** `signal` is aborted by the first SIGINT or SIGTERM; `dispose` takes the listeners away. */
export interface StopRequest {
  signal: AbortSignal
  dispose(): void
}

/**
 * Turns the first SIGINT or SIGTERM into an abort, with an `AbortError` as its reason, so that the batch in hand is finished and settled; the second one exits at once with 130 or 143.
 * For programs that own their process: a library never calls this. `onStop` is told the first signal.
 */
export const stopOnSignals = (host: SignalHost = process, onStop?: (signal: StopSignal) => void): StopRequest => {
  const controller = new AbortController()
  const receive = (name: StopSignal) => {
    if (controller.signal.aborted) return host.exit(signalExitCodes[name])
    onStop?.(name)
    controller.abort()
  }
  const onInterrupt = () => receive('SIGINT')
  const onTerminate = () => receive('SIGTERM')
  host.on('SIGINT', onInterrupt)
  host.on('SIGTERM', onTerminate)
  return {
    signal: controller.signal,
    dispose() {
      host.off('SIGINT', onInterrupt)
      host.off('SIGTERM', onTerminate)
    },
  }
}
