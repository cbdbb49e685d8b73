import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { contractCsv, contractMarkdown, contractSheets, type ContractSheet } from '@millrace/core'
import { Option } from 'commander'
import { parseCount } from '../arguments.ts'
import type { Cli } from '../cli.ts'
import { changesExitCode } from '../exit-codes.ts'
import { diffText, testText, versionsText } from '../render/contract-text.ts'

const typesFile = 'millrace-types.d.ts'

/** `millrace contract docs | diff | test | types | versions`. */
export const addContract = (cli: Cli): void => {
  const parent = cli.program.command('contract').description('what contracts do, and what a change of one would do')
  const docs = parent.command('docs').argument('<connection>')
  docs
    .description('mapping sheet, property dictionary and record of processing, as Markdown (or one of them as CSV)')
    .addOption(new Option('--csv <sheet>', 'only this sheet, as CSV').choices(contractSheets))
    .action((connection: string, { csv }: { csv?: ContractSheet }) =>
      cli.run(async ({ millrace }) => {
        const written = await millrace.contracts.docs(connection)
        return { value: written, text: csv === undefined ? contractMarkdown(written) : contractCsv(written, csv) }
      }),
    )
  parent
    .command('diff')
    .description('which records and fields the contract of the config would change (exit 2 when there are any)')
    .argument('<connection>')
    .option('--examples <n>', 'name at most so many records (default: 20)', parseCount)
    .action((connection: string, options: { examples?: number }) =>
      cli.run(async ({ millrace, signal }) => {
        const diff = await millrace.contracts.diff(connection, { signal, ...options })
        const changes = Object.values(diff.objects).some(({ changed, archived }) => changed + archived > 0)
        return { value: diff, text: diffText(diff), exitCode: changes ? changesExitCode : 0 }
      }),
    )
  const test = parent.command('test').description('run the examples beside the contracts (exit 1 when one fails)')
  test.argument('[connection]').action((connection?: string) =>
    cli.run(async ({ millrace }) => {
      const reports = await millrace.contracts.test(connection)
      return { value: reports, text: testText(reports), exitCode: reports.some(({ failed }) => failed.length > 0) ? 1 : 0 }
    }),
  )
  const types = parent.command('types').description(`write ${typesFile}, with which editors complete paths and fields`)
  types.action(() =>
    cli.run(async ({ millrace, signal }) => {
      const path = resolve(cli.environment.directory, typesFile)
      await writeFile(path, await millrace.contracts.types({ signal }))
      return { value: { path }, text: `${path} is written.\n` }
    }),
  )
  const versions = parent.command('versions').description('every version of a contract that was used').argument('<connection>')
  versions.action((connection: string) =>
    cli.run(async ({ millrace }) => {
      const used = await millrace.contracts.versions(connection)
      return { value: used, text: versionsText(used) }
    }),
  )
}
