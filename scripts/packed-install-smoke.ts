/**
 * Installs the packed tarballs into empty projects outside the workspace, as a user would, and syncs from there: once with everything and the `millrace`
 * command, once as a library without runner and cli.
 */
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packAll, type Packed } from './pack-all.ts'

const here = join(import.meta.dirname, 'smoke')
const target = mkdtempSync(join(tmpdir(), 'millrace-smoke-'))

const install = (name: string, packed: readonly Packed[]): string => {
  const project = join(target, name)
  mkdirSync(project)
  const dependencies = Object.fromEntries(packed.map(({ name: dependency, tarball }) => [dependency, `file:${tarball}`]))
  const overrides = Object.fromEntries(Object.entries(dependencies).map(([dependency]) => [dependency, `$${dependency}`]))
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name, private: true, type: 'module', dependencies, overrides }, null, 2))
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts', '--engine-strict=false'], {
    cwd: project,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  cpSync(here, project, { recursive: true })
  return project
}

const run = (
  project: string,
  parameters: readonly string[],
  environment: Record<string, string>,
): Promise<{ code: number | null; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, parameters, { cwd: project, env: { ...process.env, ...environment } })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })

const expect = (condition: boolean, what: string, detail = ''): void => {
  if (condition) return
  throw new Error(`packed install: ${what}\n${detail}`)
}

try {
  const packed = packAll(join(target, 'tarballs'))
  const library = install(
    'library',
    packed.filter(({ name }) => name !== '@millrace/runner' && name !== '@millrace/cli'),
  )
  const alone = await run(library, ['library.mjs'], {})
  expect(alone.code === 0, 'the library alone did not sync', alone.stdout + alone.stderr)
  console.log(alone.stdout.trim())

  const whole = install('whole', packed)
  const outcome = await run(whole, ['with-cli.mjs'], {})
  expect(outcome.code === 0, 'the command did not sync', outcome.stdout + outcome.stderr)
  console.log(outcome.stdout.trim())
  console.log('packed install smoke: 2 passed, 0 failed')
} finally {
  rmSync(target, { recursive: true, force: true })
}
