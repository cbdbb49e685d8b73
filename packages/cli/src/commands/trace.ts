import type { Entity } from '@millrace/core'
import { parseEntity } from '../arguments.ts'
import type { Cli } from '../cli.ts'
import { traceText } from '../render/trace-text.ts'

/** `millrace trace <entity> <id>`: exit 1 when nothing is known of the record. */
export const addTrace = (cli: Cli): void => {
  cli.program
    .command('trace')
    .description("one record's story: what was read, what each connection received, and why (exit 1 when it is not known)")
    .argument('<entity>', 'customer, order, product, category, company or cart', parseEntity)
    .argument('<id>', "the record's id at the source")
    .option('--source <name>', 'the source, when there are several')
    .action((entity: Entity, id: string, options: { source?: string }) =>
      cli.run(async ({ millrace }) => {
        const report = await millrace.trace({ entity, id, ...options })
        return { value: report, text: traceText(report), exitCode: report.found ? 0 : 1 }
      }),
    )
}
