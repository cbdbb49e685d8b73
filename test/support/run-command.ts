import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { World } from './world.ts'

/** Runs the `millrace` command on a world as a user would, from source. */
export const runCommand = (world: World, args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> => {
  const { projectKey, clientId, clientSecret, apiUrl, authUrl } = world.shop
  const config = join(dirname(world.path), 'millrace.config.mjs')
  const from = (name: string): string => JSON.stringify(import.meta.resolve(name))
  writeFileSync(
    config,
    `import { defineConfig } from ${from('@millrace/core')}
import { hubspot } from ${from('@millrace/destination-hubspot')}
import { commercetools } from ${from('@millrace/source-commercetools')}
import { sqlite } from ${from('@millrace/store-sqlite')}
export default defineConfig({
  sources: { shop: commercetools(${JSON.stringify({ projectKey, clientId, clientSecret, apiUrl, authUrl })}) },
  connections: { hubspot: { destination: hubspot(${JSON.stringify({ accessToken: world.portal.accessToken, baseUrl: world.portal.url })}) } },
  store: sqlite({ path: ${JSON.stringify(world.path)} }),
})
`,
  )
  const bin = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'src', 'bin.ts')
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--conditions=@millrace/source', bin, ...args, '--config', config])
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}
