import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { MillraceError, type PersonRef } from '@millrace/core'
import { parseRecord } from '../arguments.ts'
import type { Cli } from '../cli.ts'
import { confirm } from '../confirm.ts'
import { erasureText } from '../render/erasure-text.ts'

interface Options {
  email?: string
  customer?: string
  dryRun?: boolean
  yes?: boolean
  proof?: string
}

/** `customer:shop:42` or `customer:42` as a reference; the source may be left out where there is one. */
export const personOf = ({ email, customer }: Pick<Options, 'email' | 'customer'>): PersonRef => {
  if (email !== undefined && customer === undefined) return { email }
  const [, source, ...id] = (customer ?? '').split(':')
  if (email === undefined && source !== undefined && id.length > 0) return { source, id: id.join(':') }
  throw new MillraceError({
    code: 'reference_invalid',
    message: 'Say whom: --email <address>, or --customer customer:<source>:<id>.',
  })
}

/** `millrace erase`: exit 0 when nobody is found any more, 3 when something is left to be done by hand or again. */
export const addErase = (cli: Cli): void => {
  cli.program
    .command('erase')
    .description('forget a person at every destination and here, with proof (exit 3: something is left to do)')
    .option('--email <address>', 'any e-mail of the person')
    .option('--customer <record>', 'the account, such as customer:shop:42', parseRecord)
    .option('--dry-run', 'only say what would be erased')
    .option('--yes', 'do not ask')
    .option('--proof <file>', 'write the proof as JSON')
    .action(({ dryRun = false, yes, proof, ...who }: Options) =>
      cli.run(async ({ millrace, signal }) => {
        const person = personOf(who)
        if (!dryRun && !yes && !(await confirm(cli.environment, 'Erase this person everywhere? It cannot be undone.')))
          return { value: { erased: false }, text: 'Nothing was erased.\n', exitCode: 1 }
        const report = await millrace.erase(person, { signal, dryRun })
        if (proof !== undefined)
          await writeFile(resolve(cli.environment.directory, proof), `${JSON.stringify(report, null, 2)}\n`, { mode: 0o600 })
        return { value: report, text: erasureText(report), exitCode: report.complete || dryRun ? 0 : 3 }
      }),
    )
}
