/**
 * Installs the packed tarballs into empty projects outside the workspace, as a user would: as a library without runner and cli, as a project that `npm create
 * millrace` wrote for every destination, with the `millrace` command, and as a destination package that it wrote, with its tests.
 */
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packAll, type Packed } from './pack-all.ts'

const here = join(import.meta.dirname, 'smoke')
const target = mkdtempSync(join(tmpdir(), 'millrace-smoke-'))

interface Manifest {
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

/** Installs what the package in `project` asks for, and `more` of ours; ours come from the tarballs, at every depth. */
const install = (project: string, packed: readonly Packed[], more: readonly string[]): void => {
  const path = join(project, 'package.json')
  const manifest: Manifest = JSON.parse(readFileSync(path, 'utf8'))
  const ours = new Map(packed.map(({ name, tarball }) => [name, `file:${tarball}`]))
  const fromTarballs = (wanted: Record<string, string>): Record<string, string> =>
    Object.fromEntries(Object.entries(wanted).map(([name, range]) => [name, ours.get(name) ?? range]))
  const dependencies = fromTarballs({ ...manifest.dependencies, ...Object.fromEntries(more.map((name) => [name, '*'])) })
  const overrides = Object.fromEntries([...ours].map(([name, file]) => [name, name in dependencies ? `$${name}` : file]))
  writeFileSync(path, JSON.stringify({ ...manifest, dependencies, overrides }, null, 2))
  execFileSync(
    'npm',
    ['install', '--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts', '--engine-strict=false', '--prefer-offline'],
    {
      cwd: project,
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  )
}

const emptyProject = (name: string): string => {
  const project = join(target, name)
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name, private: true, type: 'module' }))
  return project
}

const run = (
  project: string,
  command: string,
  parameters: readonly string[],
): Promise<{ code: number | null; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const child = spawn(command, parameters, { cwd: project })
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
  const library = emptyProject('library')
  install(
    library,
    packed,
    packed.map(({ name }) => name).filter((name) => !['@millrace/runner', '@millrace/cli', 'create-millrace'].includes(name)),
  )
  cpSync(here, library, { recursive: true })
  const alone = await run(library, process.execPath, ['library.mjs'])
  expect(alone.code === 0, 'the library alone did not sync', alone.stdout + alone.stderr)
  console.log(alone.stdout.trim())

  const creator = emptyProject('creator')
  install(creator, packed, ['create-millrace'])
  const create = async (...parameters: string[]): Promise<string> => {
    const said = await run(target, join(creator, 'node_modules', '.bin', 'create-millrace'), parameters)
    expect(said.code === 0, `create-millrace ${parameters.join(' ')} failed`, said.stdout + said.stderr)
    return join(target, parameters[0] ?? '')
  }

  const project = await create('my-shop', '--destination', 'hubspot,activecampaign,marketing,crm-one,warehouse')
  install(project, packed, ['@millrace/fake-vendors'])
  const compiled = await run(project, 'npm', ['run', 'typecheck'])
  expect(compiled.code === 0, 'the new project does not compile', compiled.stdout + compiled.stderr)
  cpSync(here, project, { recursive: true })
  const outcome = await run(project, process.execPath, ['with-cli.mjs'])
  expect(outcome.code === 0, 'the command did not sync', outcome.stdout + outcome.stderr)
  console.log(outcome.stdout.trim())

  const adapter = await create('acme-mail', '--adapter')
  install(adapter, packed, [])
  for (const script of ['typecheck', 'test', 'build']) {
    const done = await run(adapter, 'npm', ['run', script])
    expect(done.code === 0, `npm run ${script} of a new adapter failed`, done.stdout + done.stderr)
  }
  console.log('adapter: it compiles, and keeps every rule')
  console.log('packed install smoke: 3 passed, 0 failed')
} finally {
  rmSync(target, { recursive: true, force: true })
}
