import { MillraceError, type DeadLetterFilter, type Millrace } from '@millrace/core'
import type { Command } from 'commander'
import { parseCount } from '../arguments.ts'
import type { Cli } from '../cli.ts'
import { deadLettersText, deadLetterText } from '../render/dead-letter-text.ts'
import { previewText } from '../render/preview-text.ts'
import { number } from '../table.ts'

type Choice = DeadLetterFilter & { all?: boolean; dryRun?: boolean }

const filtered = (command: Command): Command =>
  command.option('--connection <name>', 'only those of this connection').option('--code <code>', 'only those with this reason')

/** `replay` and `discard` with the same choice of dead letters: one id, a filter, or expressly all. */
const addBulk = (cli: Cli, parent: Command, name: 'replay' | 'discard', description: string, done: string): void => {
  const command = filtered(parent.command(name).description(description).argument('[id]', 'the dead letter', parseCount))
  if (name === 'replay') command.option('--dry-run', 'only show what would be sent now, or what is wrong still')
  command.option('--all', 'all of them').action((id: number | undefined, { all, dryRun, ...filter }: Choice) =>
    cli.run(async ({ millrace }) => {
      const chosen = { ...filter, ...(id === undefined ? {} : { id }) }
      if (!all && Object.keys(chosen).length === 0)
        throw new MillraceError({
          code: 'filter_missing',
          message: `Say which dead letters to ${name}: an id, --connection, --code, or --all.`,
        })
      if (dryRun) {
        const previews = await millrace.deadLetters.preview(chosen)
        return { value: previews, text: previewText(previews) }
      }
      const count = await millrace.deadLetters[name](chosen)
      return { value: { count }, text: `${number(count)} dead letter${count === 1 ? '' : 's'} ${done}\n` }
    }),
  )
}

const show = async (millrace: Millrace, id: number) => {
  const letter = await millrace.deadLetters.show(id)
  if (letter === undefined)
    throw new MillraceError({
      code: 'dead_letter_not_found',
      message: `There is no dead letter ${id}. \`millrace dead-letters list\` shows those there are.`,
    })
  return { value: letter, text: deadLetterText(letter) }
}

/** `millrace dead-letters list | show | replay | discard`. */
export const addDeadLetters = (cli: Cli): void => {
  const parent = cli.program.command('dead-letters').description('what could not be delivered and needs a decision')
  filtered(parent.command('list').description('all of them, with their reasons')).action((filter: DeadLetterFilter) =>
    cli.run(async ({ millrace }) => {
      const letters = await millrace.deadLetters.list(filter)
      return { value: letters, text: deadLettersText(letters) }
    }),
  )
  const one = parent.command('show').description('one of them').argument('<id>', 'the dead letter', parseCount)
  one.action((id: number) => cli.run(({ millrace }) => show(millrace, id)))
  addBulk(cli, parent, 'replay', 'make them ready: the next sync maps and delivers them again', 'ready; the next sync delivers again.')
  addBulk(cli, parent, 'discard', 'give them up until their record changes', 'discarded.')
}
