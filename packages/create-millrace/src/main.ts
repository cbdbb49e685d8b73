import { isMillraceError } from '@millrace/core'
import { parseArgs } from 'node:util'
import { destinationNames, sourceNames } from './adapters.ts'
import { createAdapter, createProject } from './create.ts'

const usage = `Writes a new Millrace project, or the package of a new destination. Nothing is overwritten, nothing is asked.

  npm create millrace@latest <directory> -- [--source <name>] [--destination <names>]
  npm create millrace@latest <directory> -- --adapter

  --source <name>         one of ${sourceNames.join(', ')} (default: commercetools)
  --destination <names>   some of ${destinationNames.join(', ')} (default: hubspot)
  --adapter               the package of a destination: source, a strict fake, the conformance suite, README, CI
  --help                  this text
`

const options = {
  source: { type: 'string' },
  destination: { type: 'string', multiple: true },
  adapter: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

/** What the command says, and its exit code: 0 done, 1 refused, 2 wrongly called. */
export interface Said {
  code: number
  stdout: string
  stderr: string
}

const wrong = (message: string): Said => ({ code: 2, stdout: '', stderr: `error: ${message}\n\n${usage}` })

const read = (args: readonly string[]) => parseArgs({ args: [...args], options, allowPositionals: true })

const parsed = (args: readonly string[]): ReturnType<typeof read> | string => {
  try {
    return read(args)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const namesOf = (given: readonly string[] | undefined): string[] =>
  (given ?? ['hubspot']).flatMap((text) => text.split(',')).flatMap((name) => (name.trim() === '' ? [] : [name.trim()]))

/** The command `create-millrace`, without touching the process. */
export const main = async (args: readonly string[]): Promise<Said> => {
  const found = parsed(args)
  if (typeof found === 'string') return wrong(found)
  const { values, positionals } = found
  if (values.help === true) return { code: 0, stdout: usage, stderr: '' }
  const [directory, ...more] = positionals
  if (directory === undefined) return wrong('Say which directory to write into.')
  if (more.length > 0)
    return wrong(
      `One directory, not ${positionals.length}. Options of your own come after --, as in: npm create millrace@latest ${directory} -- --destination hubspot`,
    )
  const isAdapter = values.adapter === true
  if (isAdapter && (values.source !== undefined || values.destination !== undefined))
    return wrong('--adapter writes the package of a new destination and takes neither --source nor --destination.')
  const destinations = namesOf(values.destination)
  if (destinations.length === 0) return wrong('--destination needs a name.')
  try {
    const { files, next } = isAdapter
      ? await createAdapter({ directory })
      : await createProject({ directory, source: values.source ?? 'commercetools', destinations })
    const steps = next.map((step, index) => `  ${index + 1}. ${step}`)
    return { code: 0, stdout: `${files.map((file) => `wrote ${file}`).join('\n')}\n\nNext:\n${steps.join('\n')}\n`, stderr: '' }
  } catch (error) {
    if (!isMillraceError(error)) throw error
    return { code: 1, stdout: '', stderr: `error: ${error.message}\n  code: ${error.code}\n` }
  }
}
