import { pathToFileURL } from 'node:url'
import { isMillraceError, MillraceError, type MillraceConfig } from '@millrace/core'
import { findConfig } from './find-config.ts'
import { validateConfig } from './validate-config.ts'

/** A config file that was read and has the right shape. */
export interface LoadedConfig {
  /** Absolute path of the file. */
  path: string
  config: MillraceConfig
}

const isNodeError = (error: unknown): error is Error & { code: string } =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'

/** Node puts `file:///...:3` before the stack of a syntax error: the only place that names the line. */
const locationOf = (error: Error): string => {
  const [line = ''] = (error.stack ?? '').split('\n')
  return /^(file:|\/|[A-Z]:\\).*:\d+$/.test(line) ? ` (${line})` : ''
}

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return `it throws ${String(error)}. Correct what the file does while it loads.`
  const missing = /^Cannot find package '([^']+)'/.exec(error.message)?.[1]
  if (missing !== undefined) return `it imports ${missing}, which is not installed. Run \`npm install ${missing}\`.`
  if (isNodeError(error) && error.code === 'ERR_MODULE_NOT_FOUND')
    return `${error.message}. Correct that import; relative ones need their file ending.`
  if (isNodeError(error) && error.code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX')
    return `${error.message}${locationOf(error)}. Node only strips types: use no enum, namespace or parameter property in the config.`
  if (isNodeError(error) && error.code === 'ERR_UNKNOWN_FILE_EXTENSION')
    return `Node ${process.versions.node} cannot read TypeScript. Use Node 22.18 or later, or rename the config to millrace.config.mjs.`
  if (error instanceof SyntaxError) return `${error.message}${locationOf(error)}. Correct the syntax there.`
  return `it throws "${error.message}". Correct what the file does while it loads.`
}

const importConfig = async (path: string): Promise<Record<string, unknown>> => {
  try {
    return await import(pathToFileURL(path).href)
  } catch (error) {
    // An adapter that refuses its settings already names setting and cure.
    if (isMillraceError(error)) throw error
    throw new MillraceError({
      code: 'config_import_failed',
      scope: 'destination',
      field: 'config',
      message: `${path} could not be loaded: ${reasonOf(error)}`,
      context: { path },
      cause: error,
    })
  }
}

/**
 * Reads a config file with a plain dynamic import (Node strips the types of TypeScript itself) and checks its shape. Relative paths start at `directory`.
 * Throws MillraceError `config_not_found`, `config_import_failed`, `config_no_default_export` or `config_invalid`, and whatever an adapter throws about its settings.
 */
export const loadConfig = async (path?: string, directory?: string): Promise<LoadedConfig> => {
  const found = await findConfig(path, directory)
  const module = await importConfig(found)
  if (!('default' in module))
    throw new MillraceError({
      code: 'config_no_default_export',
      scope: 'destination',
      field: 'default export',
      message: `${found} has no default export. Write \`export default defineConfig({ ... })\`.`,
      context: { path: found },
    })
  const config = module['default']
  validateConfig(config, found)
  return { path: found, config }
}
