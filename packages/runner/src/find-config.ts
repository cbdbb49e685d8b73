import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { MillraceError } from '@millrace/core'

/** Names under which a config file is looked for, in this order. */
export const configFileNames: readonly string[] = ['millrace.config.ts', 'millrace.config.mts', 'millrace.config.js', 'millrace.config.mjs']

const isFile = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}

/**
 * The absolute path of the config file: `path` (relative to `directory`) where it is given, else the first of {@link configFileNames} in `directory`.
 * Throws MillraceError `config_not_found`.
 */
export const findConfig = async (path?: string, directory: string = process.cwd()): Promise<string> => {
  const candidates = (path === undefined ? configFileNames : [path]).map((name) => resolve(directory, name))
  for (const candidate of candidates) if (await isFile(candidate)) return candidate
  throw new MillraceError({
    code: 'config_not_found',
    scope: 'destination',
    field: 'config',
    message:
      path === undefined
        ? `There is no ${configFileNames.join(', ')} in ${directory}. Write one with \`millrace init\`, go to its directory, or name it with --config <file>.`
        : `There is no config file at ${candidates.join()}. Correct the path given with --config, or write a config with \`millrace init\`.`,
  })
}
