import { resolve } from 'node:path'
import { adapterFiles } from './adapter-files.ts'
import { choose, packagesOf } from './adapters.ts'
import { packageName } from './package-name.ts'
import { projectFiles } from './project-files.ts'
import { versionRange } from './version.ts'
import { stepsAfterConfig, type Written } from './write-config.ts'
import { refuseFilled, writeFiles } from './write-files.ts'

/** A new directory; its name becomes the name of the package. */
interface CreateOptions {
  directory: string
}

/** Where to write a project, and for which adapters. */
export interface ProjectOptions extends CreateOptions {
  source: string
  destinations: readonly string[]
}

/**
 * Writes a whole project into a new or empty directory. Throws MillraceError `adapter_unknown`, `name_invalid`, or `directory_not_empty`, before anything is
 * written.
 */
export const createProject = async ({ directory, source, destinations }: ProjectOptions): Promise<Written> => {
  const chosen = choose(source, destinations)
  const name = packageName(resolve(directory))
  await refuseFilled(directory)
  const files = await writeFiles(directory, projectFiles(name, chosen, versionRange()))
  return { files, packages: packagesOf(chosen), next: [`cd ${directory}`, 'npm install', ...stepsAfterConfig] }
}

/**
 * Writes the package of a destination into a new or empty directory: an adapter that works, a strict fake of its vendor, and the conformance suite. Throws
 * MillraceError `name_invalid` or `directory_not_empty`, before anything is written.
 */
export const createAdapter = async ({ directory }: CreateOptions): Promise<Written> => {
  const name = packageName(resolve(directory))
  await refuseFilled(directory)
  const files = await writeFiles(directory, await adapterFiles(name, versionRange()))
  const next = [
    `cd ${directory}`,
    'npm install',
    'npm test: the adapter keeps every rule, against a vendor that is made up',
    `make the fake in src/${name}-fake.ts behave as the documentation of your vendor says, and the adapter follow`,
  ]
  return { files, packages: ['@millrace/adapter-kit'], next }
}
