import type { Logger, Progress } from '@millrace/core'
import { MultiBar, type SingleBar } from 'cli-progress'
import type { Environment } from './environment.ts'
import { number, printable } from './table.ts'

/** Shows how far a pass is. */
export interface ProgressDisplay {
  show(event: Progress, logger: Logger): void
  /** Writes text to stderr without tearing the bars. */
  write(this: void, text: string): void
  stop(): void
}

const lineEveryMs = 5000
const barWidth = 24

const nameOf = ({ phase, source, entity, connection }: Progress): string =>
  printable([phase === 'read' ? 'read   ' : 'deliver', source, entity, connection].filter((part) => part !== undefined).join(' '))

const bar = (name: string, done: number, total: number | undefined): string => {
  if (total === undefined || total <= 0) return `${name.padEnd(32)} ${number(done)}`
  const share = Math.min(1, done / total)
  const full = Math.round(share * barWidth)
  return `${name.padEnd(32)} ${'█'.repeat(full)}${'░'.repeat(barWidth - full)} ${number(done)} of ${number(total)} (${Math.floor(share * 100)} %)`
}

const onTerminal = (environment: Environment): ProgressDisplay => {
  const bars = new Map<string, SingleBar>()
  const screen = new MultiBar({
    stream: environment.stderr,
    hideCursor: true,
    format: (_options, _params, { event }: { event: Progress }) => bar(nameOf(event), event.done, event.total),
  })
  return {
    show(event) {
      const known = bars.get(nameOf(event))
      if (known === undefined) bars.set(nameOf(event), screen.create(event.total ?? 0, event.done, { event }))
      else known.update(event.done, { event })
    },
    write(text) {
      // Without a bar nothing is redrawn, and a line given to the screen would never be seen.
      if (bars.size === 0 || !screen.isActive) environment.stderr.write(text)
      else screen.log(text)
    },
    stop() {
      if (bars.size > 0) screen.stop()
    },
  }
}

const asLines = (environment: Environment): ProgressDisplay => {
  const shown = new Map<string, number>()
  return {
    show(event, logger) {
      const name = nameOf(event)
      const now = environment.monotonic()
      const last = shown.get(name)
      if (last !== undefined && now - last < lineEveryMs && event.done !== event.total) return
      shown.set(name, now)
      logger.info({ ...event }, 'progress')
    },
    write: (text) => void environment.stderr.write(text),
    stop: () => {},
  }
}

/** Bars on a terminal, log lines (each stream at most every five seconds) otherwise. */
export const createProgress = (environment: Environment): ProgressDisplay =>
  environment.stderr.isTTY ? onTerminal(environment) : asLines(environment)
