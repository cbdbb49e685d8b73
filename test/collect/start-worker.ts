import type { CrmOneSettings } from '@millrace/destination-crm-one'
import type { CommercetoolsSettings } from '@millrace/source-commercetools'
import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** What a worker is told. Plain data. */
export interface WorkerSettings {
  role: 'web' | 'engine'
  path: string
  source: CommercetoolsSettings
  destination: Pick<CrmOneSettings, 'baseUrl' | 'token'>
  secret: string
}

/** One of the processes on a store. */
export interface Worker {
  /** The first line that it prints: where it listens. Rejects when it ends before. */
  ready: Promise<string>
  kill(): void
  /** Asks it to end, as an operator does. */
  stop(): void
  ended: Promise<{ code: number | null; output: string }>
}

/** Starts one. */
export const startWorker = (settings: WorkerSettings): Worker => {
  const child = spawn(process.execPath, ['--conditions=@millrace/source', join(import.meta.dirname, 'worker.ts')], {
    env: { ...process.env, MILLRACE_COLLECT_WORKER: JSON.stringify(settings) },
  })
  let output = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
  const ended = new Promise<{ code: number | null; output: string }>((resolve) => child.on('close', (code) => resolve({ code, output })))
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.trim()))
    void ended.then(({ output: text }) => reject(new Error(`The worker ended: ${text}`)))
  })
  // Whoever kills it before it is ready does not ask.
  ready.catch(() => {})
  return { ready, kill: () => void child.kill('SIGKILL'), stop: () => void child.kill('SIGTERM'), ended }
}
