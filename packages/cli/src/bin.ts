#!/usr/bin/env node
import { openMillrace } from '@millrace/runner'
import { actorName } from './actor-name.ts'
import { runCli } from './main.ts'

// A reader that ends early (`millrace status | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  directory: process.cwd(),
  actor: actorName(),
  signals: process,
  monotonic: () => performance.now(),
  open: openMillrace,
})
