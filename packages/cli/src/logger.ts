import type { Logger } from '@millrace/core'
import { pino } from 'pino'

/** Values of `--log-level`, from the most to the fewest lines. */
export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
/** One of {@link logLevels}. */
export type LogLevel = (typeof logLevels)[number]

const readable = (line: string): string => {
  const { level, msg, ...fields }: Record<string, unknown> = JSON.parse(line)
  const name = typeof level === 'number' ? (pino.levels.labels[level] ?? '') : ''
  const details = Object.entries(fields).map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return `${[name.padEnd(5), msg, ...details].join(' ')}\n`
}

/** A pino logger on `write`: JSON lines, or short readable ones on a terminal. */
export const createLogger = (level: LogLevel, terminal: boolean, write: (line: string) => void): Logger =>
  pino(terminal ? { level, base: null, timestamp: false } : { level }, { write: (line) => write(terminal ? readable(line) : line) })
