import type { AdapterTemplate, Chosen } from './adapters.ts'

const settingsText = ({ settings }: AdapterTemplate, indent: string): string =>
  settings.map(({ name, variable, comment }) => `${indent}// ${comment}\n${indent}${name}: env('${variable}'),\n`).join('')

const sourceText = (source: AdapterTemplate): string => `    // The name is part of every key that a destination keeps: choose it once.
    ${source.name}: ${source.factory}({
${settingsText(source, '      ')}    }),
`

const connectionText = (destination: AdapterTemplate): string => `    ${destination.name}: {
      destination: ${destination.factory}({
${settingsText(destination, '        ')}      }),
      // What this connection receives, field by field, on top of the adapter's default contract.
      contract: defineContract({
        // Put before the names of our own fields there: shop_customer_key and so on.
        prefix: 'shop',
        // Currencies with totals of their own on people.
        currencies: ['EUR'],
        // Locales for localized text, best first.
        locales: ['en'],
      }),
    },
`

/** Text of `millrace.config.ts`. */
export const configText = ({ source, destinations }: Chosen): string => `import { defineConfig, defineContract } from '@millrace/core'
import { env } from '@millrace/runner'
${[...destinations, source].map((adapter) => `import { ${adapter.factory} } from '${adapter.package}'\n`).join('')}import { sqlite } from '@millrace/store-sqlite'

// Secrets come from the environment, or from the .env file beside this one.
export default defineConfig({
  sources: {
${sourceText(source)}  },
  connections: {
${destinations.map(connectionText).join('')}  },
  // What was read and delivered. Keep this file: it is how nothing is lost or sent twice.
  store: sqlite({ path: 'millrace.db' }),
})
`

/** Text of `.env.example`. */
export const envText = ({ source, destinations }: Chosen): string =>
  `# Copy to .env and fill in. Keep .env out of version control.\n${[source, ...destinations]
    .map(
      ({ factory, settings }) =>
        `\n# ${factory}\n${settings.map(({ variable, comment, example }) => `# ${comment}\n${variable}=${example}\n`).join('')}`,
    )
    .join('')}`
