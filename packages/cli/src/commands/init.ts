import { Option } from 'commander'
import { destinationNames, sourceNames, writeConfig } from 'create-millrace'
import { parseNames } from '../arguments.ts'
import type { Cli } from '../cli.ts'

/** `millrace init`. */
export const addInit = (cli: Cli): void => {
  cli.program
    .command('init')
    .description('write a commented config and a template for its environment variables; existing files are never overwritten')
    .addOption(new Option('--source <name>', `one of ${sourceNames.join(', ')}`).default('commercetools'))
    .option('--destination <names>', `some of ${destinationNames.join(', ')} (default: hubspot)`, parseNames)
    .action(async ({ source, destination }: { source: string; destination?: string[] }) => {
      const result = await writeConfig({ directory: cli.environment.directory, source, destinations: destination ?? ['hubspot'] })
      const steps = result.next.map((step, index) => `  ${index + 1}. ${step}`)
      cli.answer({ value: result, text: `${result.files.map((file) => `wrote ${file}`).join('\n')}\n\nNext:\n${steps.join('\n')}\n` })
    })
}
