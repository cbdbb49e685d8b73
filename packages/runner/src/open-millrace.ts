import { dirname } from 'node:path'
import { createMillrace, isMillraceError, MillraceError, type Logger, type Millrace } from '@millrace/core'
import { loadEnvFile } from './env-file.ts'
import { findConfig } from './find-config.ts'
import { loadConfig } from './load-config.ts'

/** Where the config is, and what replaces its logger. */
export interface OpenOptions {
  /** Path of the config file, relative to `directory`. Default: the first `millrace.config.*` there. */
  config?: string
  /** Default: the working directory. */
  directory?: string
  /** Used instead of the config's own logger. */
  logger?: Logger
  /** Who acts, for the audit log, where the config names nobody. */
  actor?: string
}

/**
 * Finds and loads a config, with the `.env` file beside it, and makes the Millrace of it. The caller closes it. Throws what {@link loadConfig} throws and
 * what `createMillrace` says about the config, with the file's name before it.
 */
export const openMillrace = async (options: OpenOptions = {}): Promise<Millrace> => {
  const path = await findConfig(options.config, options.directory)
  await loadEnvFile(dirname(path))
  const { config } = await loadConfig(path)
  const { logger, actor } = options
  try {
    return createMillrace({ ...(actor === undefined ? {} : { actor }), ...config, ...(logger === undefined ? {} : { logger }) })
  } catch (error) {
    if (!isMillraceError(error)) throw error
    const { code, message, scope, context } = error
    throw new MillraceError({ code, message: `${path}: ${message}`, scope, context, cause: error })
  }
}
