import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MillraceError } from '@millrace/core'
import { configFileNames } from '@millrace/runner'
import { type AdapterTemplate, destinations, sources } from './adapters.ts'
import { configText, envText } from './templates.ts'

/** Where to write, and for which adapters. */
export interface ScaffoldOptions {
  directory: string
  source: string
  destinations: readonly string[]
}

/** What was written, which packages it needs, and what to do next. */
export interface Scaffold {
  /** Absolute paths. */
  files: string[]
  packages: string[]
  next: string[]
}

const pick = (known: Readonly<Record<string, AdapterTemplate>>, name: string, kind: string): AdapterTemplate => {
  const adapter = Object.hasOwn(known, name) ? known[name] : undefined
  if (adapter !== undefined) return adapter
  throw new MillraceError({
    code: 'adapter_unknown',
    field: kind,
    message: `There is no ${kind} ${name}. Known are ${Object.keys(known).join(', ')}.`,
  })
}

const exists = async (path: string): Promise<boolean> => {
  try {
    await stat(path)
    return true
  } catch {
    return false
  }
}

/** In a package that is not declared to be of ES modules, only `.mts` is read as one without a warning. */
const isModulePackage = async (directory: string): Promise<boolean> => {
  try {
    const manifest: unknown = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'))
    return typeof manifest === 'object' && manifest !== null && 'type' in manifest && manifest.type === 'module'
  } catch {
    return false
  }
}

const refuseExisting = async (paths: readonly string[]): Promise<void> => {
  for (const path of paths)
    if (await exists(path))
      throw new MillraceError({
        code: 'file_exists',
        field: path,
        message: `${path} is already there and is left as it is. Move it away, or run init in another directory.`,
      })
}

/**
 * Writes a commented config and `.env.example` into `directory`. Throws MillraceError `adapter_unknown`, or `file_exists` before anything is written when there is
 * a config of any name or a template already.
 */
export const scaffold = async ({ directory, source, destinations: names }: ScaffoldOptions): Promise<Scaffold> => {
  const from = pick(sources, source, 'source')
  const to = [...new Set(names)].map((name) => pick(destinations, name, 'destination'))
  const config = join(directory, (await isModulePackage(directory)) ? 'millrace.config.ts' : 'millrace.config.mts')
  const template = join(directory, '.env.example')
  await refuseExisting([...configFileNames.map((name) => join(directory, name)), template])
  // `wx`: what appeared meanwhile is not overwritten either.
  await writeFile(config, configText(from, to), { flag: 'wx' })
  await writeFile(template, envText([from, ...to]), { flag: 'wx' })
  const packages = [
    '@millrace/core',
    '@millrace/runner',
    '@millrace/cli',
    from.package,
    ...to.map((adapter) => adapter.package),
    '@millrace/store-sqlite',
  ]
  const next = [
    `npm install ${packages.join(' ')}`,
    'cp .env.example .env, fill it in, and keep .env and millrace.db out of version control',
    'npx millrace check',
    'npx millrace plan, then npx millrace apply',
    'npx millrace backfill --estimate, then npx millrace backfill',
    'npx millrace sync, as often as you like',
  ]
  return { files: [config, template], packages, next }
}
