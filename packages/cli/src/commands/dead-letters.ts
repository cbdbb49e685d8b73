import { MillraceError, type DeadLetterFilter, type Millrace } from '@millrace/core'
import { parseCount } from '../arguments.ts'
import type { Cli } from '../cli.ts'
import { deadLettersText, deadLetterText } from '../render/dead-letter-text.ts'
import { addBulk, filtered } from './change-dead-letters.ts'

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
