import { packagesOf, type Chosen } from './adapters.ts'
import { configText, envText } from './config-text.ts'
import type { Files } from './write-files.ts'

const sorted = (packages: readonly string[], range: string): Record<string, string> =>
  Object.fromEntries(packages.toSorted().map((name) => [name, range]))

const manifest = (name: string, chosen: Chosen, range: string): string =>
  `${JSON.stringify(
    {
      name,
      private: true,
      type: 'module',
      scripts: {
        check: 'millrace check',
        plan: 'millrace plan',
        apply: 'millrace apply',
        sync: 'millrace sync',
        start: 'millrace start',
        typecheck: 'tsc',
      },
      dependencies: sorted(packagesOf(chosen), range),
      devDependencies: { '@types/node': '^24.0.0', typescript: '>=5.9' },
      engines: { node: '>=22.18' },
    },
    null,
    2,
  )}\n`

const tsconfig = `${JSON.stringify(
  {
    compilerOptions: {
      target: 'es2024',
      module: 'nodenext',
      types: ['node'],
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      erasableSyntaxOnly: true,
      allowImportingTsExtensions: true,
    },
    include: ['*.ts'],
  },
  null,
  2,
)}\n`

const readme = (name: string, { source, destinations }: Chosen): string => `# ${name}

Carries a shop in ${source.factory} into ${destinations.map(({ name: connection }) => connection).join(', ')}, by [Millrace](https://www.npmjs.com/package/@millrace/core).

\`\`\`
npm install
cp .env.example .env          # and fill it in
npx millrace check            # credentials, and what is missing at each destination
npx millrace plan             # what would be made there; writes nothing
npx millrace apply            # makes it
npx millrace sync --only customer:<id>      # one record, to look at it there
npx millrace backfill --estimate            # what the first full read costs
npx millrace backfill         # everything, once; may be interrupted, and goes on
npx millrace sync             # what has changed: every few minutes from cron
npx millrace start            # or stay up and do it by itself
\`\`\`

\`millrace.config.ts\` says what goes where. Try it with test accounts first: their own \`.env\`, their own store file.
\`millrace.db\` is what was read and delivered: back it up, and never delete it while the destinations live.

Exit codes: 0 all settled, 3 something waits for a decision (\`npx millrace dead-letters list\`), 1 failed.
`

const ignored = 'node_modules/\n.env\nmillrace.db*\nwarehouse/\n'

/** Every file of a new project. `range` is the version of our packages. */
export const projectFiles = (name: string, chosen: Chosen, range: string): Files => ({
  'package.json': manifest(name, chosen, range),
  'tsconfig.json': tsconfig,
  '.gitignore': ignored,
  '.env.example': envText(chosen),
  'millrace.config.ts': configText(chosen),
  'README.md': readme(name, chosen),
})
