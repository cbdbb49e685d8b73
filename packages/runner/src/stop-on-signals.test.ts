import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { stopOnSignals, type SignalHost, type StopSignal } from './stop-on-signals.ts'

const fakeProcess = (): { host: SignalHost; send(signal: StopSignal): void; exits: number[]; listeners(): number } => {
  const emitter = new EventEmitter()
  const exits: number[] = []
  return {
    host: {
      on: (signal, listener) => emitter.on(signal, listener),
      off: (signal, listener) => emitter.off(signal, listener),
      exit: (code) => exits.push(code),
    },
    send: (signal) => emitter.emit(signal),
    exits,
    listeners: () => emitter.listenerCount('SIGINT') + emitter.listenerCount('SIGTERM'),
  }
}

describe('stopOnSignals', () => {
  it('aborts on the first signal and does not exit', () => {
    const process = fakeProcess()
    const told: string[] = []
    const { signal } = stopOnSignals(process.host, (name) => told.push(name))
    expect(signal.aborted).toBe(false)
    process.send('SIGTERM')
    expect(signal.aborted).toBe(true)
    expect(signal.reason).toMatchObject({ name: 'AbortError' })
    expect(told).toEqual(['SIGTERM'])
    expect(process.exits).toEqual([])
  })

  it.each([
    ['SIGINT', 'SIGINT', 130],
    ['SIGTERM', 'SIGTERM', 143],
    ['SIGTERM', 'SIGINT', 130],
  ] as const)('exits at once when %s is followed by %s', (first, second, code) => {
    const process = fakeProcess()
    stopOnSignals(process.host)
    process.send(first)
    process.send(second)
    expect(process.exits).toEqual([code])
  })

  it('leaves no listener behind', () => {
    const process = fakeProcess()
    stopOnSignals(process.host).dispose()
    expect(process.listeners()).toBe(0)
  })
})
