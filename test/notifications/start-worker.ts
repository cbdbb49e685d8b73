import type { HubSpotSettings } from '@millrace/destination-hubspot'
import type { CommercetoolsSettings } from '@millrace/source-commercetools'
import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** What a worker is told. Plain data. */
export interface WorkerSettings {
  path: string
  source: CommercetoolsSettings
  destination: HubSpotSettings
  secret: string
  deliverMs: number
}

/** A process that takes notifications. */
export interface Worker {
  /** Where it listens. Rejects when it ends before it does. */
  url: Promise<string>
  kill(): void
  /** Asks it to end, as an operator does. */
  stop(): void
  ended: Promise<{ code: number | null; output: string }>
}

/** Starts one. */
export const startWorker = (settings: WorkerSettings): Worker => {
  const child = spawn(process.execPath, ['--conditions=@millrace/source', join(import.meta.dirname, 'worker.ts')], {
    env: { ...process.env, MILLRACE_NOTIFICATION_WORKER: JSON.stringify(settings) },
  })
  let output = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
  const ended = new Promise<{ code: number | null; output: string }>((resolve) => child.on('close', (code) => resolve({ code, output })))
  const url = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.trim()))
    void ended.then(({ output: text }) => reject(new Error(`The worker ended: ${text}`)))
  })
  // Whoever kills it before it listens does not ask.
  url.catch(() => {})
  return { url, kill: () => void child.kill('SIGKILL'), stop: () => void child.kill('SIGTERM'), ended }
}
