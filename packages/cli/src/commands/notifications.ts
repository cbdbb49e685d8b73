import { MillraceError } from '@millrace/core'
import type { Cli } from '../cli.ts'
import { deadNoticesText } from '../render/dead-notices-text.ts'
import { number } from '../table.ts'

interface Choice {
  source?: string
  key?: string
  all?: boolean
}

/** `millrace notifications list | replay | discard`: what was announced and could not be understood or fetched. */
export const addNotifications = (cli: Cli): void => {
  const parent = cli.program.command('notifications').description('what sources announced and could not be understood or fetched')
  parent
    .command('list')
    .description('all of them, with their reasons')
    .action(() =>
      cli.run(async ({ millrace }) => {
        const dead = await millrace.notifications.dead(10_000)
        return { value: dead, text: deadNoticesText(dead) }
      }),
    )
  const verbs = [
    ['replay', 'make them due: they are fetched with the next pass', 'due; they are fetched with the next pass.'],
    ['discard', 'give them up; the poll finds what changed', 'discarded.'],
  ] as const
  for (const [name, description, done] of verbs) {
    parent
      .command(name)
      .description(description)
      .option('--source <name>', 'only those of this source')
      .option('--key <key>', 'only this one, such as order:4711')
      .option('--all', 'all of them')
      .action(({ all, ...which }: Choice) =>
        cli.run(async ({ millrace }) => {
          if (!all && Object.keys(which).length === 0)
            throw new MillraceError({
              code: 'filter_missing',
              message: `Say which notifications to ${name}: --key, --source, or --all.`,
            })
          const count = await millrace.notifications[name](which)
          return { value: { count }, text: `${number(count)} notification${count === 1 ? '' : 's'} ${done}\n` }
        }),
      )
  }
}
