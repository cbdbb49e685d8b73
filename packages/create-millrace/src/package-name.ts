import { basename } from 'node:path'
import { MillraceError } from '@millrace/core'

/** What a new project or adapter is called, after its directory. Throws MillraceError `name_invalid`. */
export const packageName = (directory: string): string => {
  const name = basename(directory)
  if (/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name) && name.length <= 100) return name
  throw new MillraceError({
    code: 'name_invalid',
    field: name,
    message: `${name} cannot be the name of a package. Use lower case letters, digits and single hyphens, a letter first: acme-mail.`,
  })
}
