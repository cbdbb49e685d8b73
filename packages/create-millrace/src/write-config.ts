import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { configFileNames } from '@millrace/runner'
import { choose, packagesOf } from './adapters.ts'
import { configText, envText } from './config-text.ts'
import { refuseExisting, writeFiles } from './write-files.ts'

/** Where to write, and for which adapters. */
export interface ConfigOptions {
  directory: string
  source: string
  destinations: readonly string[]
}

/** What was written, which packages it needs, and what to do next. */
export interface Written {
  /** Absolute paths. */
  files: string[]
  packages: string[]
  next: string[]
}

/** What a user does with a config that was just written. */
export const stepsAfterConfig: readonly string[] = [
  'cp .env.example .env, fill it in, and keep .env and millrace.db out of version control',
  'npx millrace check',
  'npx millrace plan, then npx millrace apply',
  'npx millrace backfill --estimate, then npx millrace backfill',
  'npx millrace sync, as often as you like',
]

/** In a package that is not declared to be of ES modules, only `.mts` is read as one without a warning. */
const isModulePackage = async (directory: string): Promise<boolean> => {
  try {
    const manifest: unknown = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'))
    return typeof manifest === 'object' && manifest !== null && 'type' in manifest && manifest.type === 'module'
  } catch {
    return false
  }
}

/**
 * Writes a commented config and `.env.example` into a package that is there: `millrace init`. Throws MillraceError `adapter_unknown`, or `file_exists` before
 * anything is written when there is a config of any name or a template already.
 */
export const writeConfig = async ({ directory, source, destinations }: ConfigOptions): Promise<Written> => {
  const chosen = choose(source, destinations)
  const name = (await isModulePackage(directory)) ? 'millrace.config.ts' : 'millrace.config.mts'
  await refuseExisting(configFileNames.map((other) => join(directory, other)))
  const files = await writeFiles(directory, { [name]: configText(chosen), '.env.example': envText(chosen) })
  const packages = packagesOf(chosen)
  return { files, packages, next: [`npm install ${packages.join(' ')}`, ...stepsAfterConfig] }
}
