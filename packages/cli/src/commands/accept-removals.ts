import { parseCount } from '../arguments.ts'
import type { Cli } from '../cli.ts'
import { number, printable } from '../table.ts'

/** `millrace accept-removals <connection> <count>`. */
export const addAcceptRemovals = (cli: Cli): void => {
  cli.program
    .command('accept-removals')
    .description('let held removals of a connection go out, when there are still exactly so many; the next sync sends them')
    .argument('<connection>', 'the connection')
    .argument('<count>', 'how many are held, as sync and status say', parseCount)
    .action((connection: string, count: number) =>
      cli.run(async ({ millrace }) => {
        const released = await millrace.acceptRemovals(connection, count)
        return {
          value: { released },
          text: `${number(released)} held removal${released === 1 ? '' : 's'} of ${printable(connection)} released; the next sync sends them.\n`,
        }
      }),
    )
}
