import { MillraceError } from '@millrace/core'

/** The value of an environment variable, for config files. Throws MillraceError `env_missing` when it is not set or empty. */
export const env = (name: string, variables: NodeJS.ProcessEnv = process.env): string => {
  const value = variables[name]
  if (value !== undefined && value !== '') return value
  throw new MillraceError({
    code: 'env_missing',
    scope: 'destination',
    field: name,
    message: `The environment variable ${name} is not set. Set it, or put ${name}=... into the .env file beside the config.`,
  })
}
