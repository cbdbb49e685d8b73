import { MillraceError, type Entity } from '@millrace/core'
import { parseEntity } from '../arguments.ts'
import type { Cli } from '../cli.ts'
import { traceText } from '../render/trace-text.ts'

interface Options {
  source?: string
  email?: string
  store?: string
}

const incomplete = (): MillraceError =>
  new MillraceError({
    code: 'reference_invalid',
    message: 'Name a record (millrace trace customer 42) or a person (millrace trace --email ann@example.com).',
  })

/** `millrace trace <entity> <id>` and `millrace trace --email <address>`: exit 1 when nothing is known. */
export const addTrace = (cli: Cli): void => {
  cli.program
    .command('trace')
    .description("one record's story: what was read, what each connection received, and why (exit 1 when it is not known)")
    .argument('[entity]', 'customer, order, product, category, company or cart', parseEntity)
    .argument('[id]', "the record's id at the source")
    .option('--source <name>', 'the source, when there are several')
    .option('--email <address>', 'instead of a record: a person with all orders; it is looked up by its hash and not printed')
    .option('--store <key>', 'with --email, where the contract tells e-mails apart by store')
    .action((entity: Entity | undefined, id: string | undefined, { source, email, store }: Options) =>
      cli.run(async ({ millrace }) => {
        if (email === undefined && (entity === undefined || id === undefined)) throw incomplete()
        const report =
          entity === undefined || id === undefined
            ? await millrace.trace({ email: email ?? '', ...(store === undefined ? {} : { store }) })
            : await millrace.trace({ entity, id, ...(source === undefined ? {} : { source }) })
        return { value: report, text: traceText(report), exitCode: report.found ? 0 : 1 }
      }),
    )
}
