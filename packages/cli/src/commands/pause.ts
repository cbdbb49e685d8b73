import type { Cli } from '../cli.ts'
import { printable } from '../table.ts'

/** `millrace pause <connection>` and `millrace resume <connection>`. Both work beside a running engine. */
export const addPause = (cli: Cli): void => {
  cli.program
    .command('pause')
    .description('stop the deliveries of a connection; what changes is still read and kept')
    .argument('<connection>', 'the connection')
    .option('--reason <text>', 'why, for those who look at status')
    .action((connection: string, options: { reason?: string }) =>
      cli.run(async ({ millrace }) => {
        const pause = await millrace.pause(connection, options)
        const { since, actor, reason } = pause
        const why = reason === null ? '' : ` (${printable(reason)})`
        const text = `${printable(connection)} is paused since ${since} by ${printable(actor)}${why}. A batch in hand is finished. It goes on with: millrace resume ${printable(connection)}\n`
        return { value: pause, text }
      }),
    )
  cli.program
    .command('resume')
    .description('let a paused connection go on; the next sync delivers what was kept')
    .argument('<connection>', 'the connection')
    .action((connection: string) =>
      cli.run(async ({ millrace }) => {
        const resumed = await millrace.resume(connection)
        const what = resumed ? 'goes on: the next sync delivers what was kept.' : 'was not paused.'
        return { value: { resumed }, text: `${printable(connection)} ${what}\n` }
      }),
    )
}
