import { MillraceError, type DeadLetterFilter, type Millrace } from '@millrace/core'
import type { Command } from 'commander'
import { parseCount } from '../arguments.ts'
import type { Cli } from '../cli.ts'
import { previewText } from '../render/preview-text.ts'
import { number } from '../table.ts'

type Choice = DeadLetterFilter & { all?: boolean; dryRun?: boolean }

/** The options that choose among dead letters. */
export const filtered = (command: Command): Command =>
  command.option('--connection <name>', 'only those of this connection').option('--code <code>', 'only those with this reason')

const change = async (
  millrace: Millrace,
  name: 'replay' | 'discard',
  filter: DeadLetterFilter,
): Promise<{ count: number; refused?: number }> =>
  name === 'replay' ? await millrace.deadLetters.replay(filter) : { count: await millrace.deadLetters.discard(filter) }

/** `replay` and `discard` with the same choice of dead letters: one id, a filter, or expressly all. */
export const addBulk = (cli: Cli, parent: Command, name: 'replay' | 'discard', description: string, done: string): void => {
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
      const { count, refused = 0 } = await change(millrace, name, chosen)
      const left = `${number(refused)} left: they died of the same code after three replays. Mend the cause, then replay each by its id.\n`
      const text = `${number(count)} dead letter${count === 1 ? '' : 's'} ${done}\n${refused === 0 ? '' : left}`
      return { value: name === 'replay' ? { count, refused } : { count }, text }
    }),
  )
}
