import type { HubSpotSettings } from '@millrace/destination-hubspot'
import type { CommercetoolsSettings } from '@millrace/source-commercetools'
import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** What a worker is told. Plain data. */
export interface WorkerSettings {
  kind: 'backfill' | 'sync'
  path: string
  source: CommercetoolsSettings
  destination: HubSpotSettings
  clockStart: number
  clockFactor: number
}

/** How a worker ended: killed, or with the status of its pass. */
export interface Ended {
  killed: boolean
  status: string | undefined
  output: string
}

/** A pass in a process of its own. */
export interface Worker {
  kill(): void
  ended: Promise<Ended>
}

/** Starts one. */
export const runWorker = (settings: WorkerSettings): Worker => {
  const child = spawn(process.execPath, ['--conditions=@millrace/source', join(import.meta.dirname, 'worker.ts')], {
    env: { ...process.env, MILLRACE_CRASH_WORKER: JSON.stringify(settings) },
  })
  let output = ''
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (_code, signal) => {
      const killed = signal === 'SIGKILL'
      const status = !killed && printed !== '' ? (JSON.parse(printed) as { status: string }).status : undefined
      resolve({ killed, status, output: printed + output })
    })
  })
  return { kill: () => void child.kill('SIGKILL'), ended }
}
