import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { MillraceError } from '@millrace/core'
import type { Files } from './write-files.ts'

const templates = fileURLToPath(new URL('../templates/adapter/', import.meta.url))

/** npm leaves files out that begin with a dot or steer the packing itself. */
const realNames: Readonly<Record<string, string>> = { _gitignore: '.gitignore', 'test.yml': '.github/workflows/test.yml' }

/** Words that no TypeScript module can name a function. */
const reserved =
  /^(?:await|break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|false|finally|for|function|if|implements|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|typeof|var|void|while|with|yield|eval|arguments)$/

const capital = (part: string): string => part.slice(0, 1).toUpperCase() + part.slice(1)

const camelCase = (name: string): string =>
  name
    .split('-')
    .map((part, index) => (index === 0 ? part : capital(part)))
    .join('')

/** `acme-mail` in place of `acme`: `AcmeMail` in types, `acmeMail` in code, `ACME_MAIL` in variables, `acme-mail` in names of files and packages. */
const renamed = (text: string, name: string): string => {
  const parts = name.split('-')
  const pascal = parts.map(capital).join('')
  const camel = camelCase(name)
  // In one pass, so that a name which holds the template's own is not replaced in itself.
  return text.replaceAll(/ACME|Acme|'acme'|\bacme\b/g, (found, at: number) => {
    if (found === 'ACME') return parts.join('_').toUpperCase()
    if (found === 'Acme') return pascal
    if (found === "'acme'") return `'${name}'`
    const isPartOfName = text[at - 1] === '-' || /^(?:-|\.ts|\.test|\.example)/.test(text.slice(at + found.length))
    return isPartOfName ? name : camel
  })
}

const manifest = (name: string, range: string): string =>
  `${JSON.stringify(
    {
      name: `millrace-destination-${name}`,
      version: '0.1.0',
      description: `${name} as a Millrace destination`,
      type: 'module',
      sideEffects: false,
      files: ['dist', 'README.md'],
      exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './package.json': './package.json' },
      scripts: { test: 'vitest run', typecheck: 'tsc --noEmit', build: 'tsc -p tsconfig.build.json', prepack: 'npm run build' },
      dependencies: { '@millrace/adapter-kit': range },
      devDependencies: { '@types/node': '^24.0.0', 'fast-check': '^4.0.0', typescript: '>=5.9', vitest: '^5.0.0' },
      engines: { node: '>=22.18' },
    },
    null,
    2,
  )}\n`

/** Every file of a new destination package. `range` is the version of our packages. Throws MillraceError `name_invalid` for a name that its code cannot take. */
export const adapterFiles = async (name: string, range: string): Promise<Files> => {
  const entries = await readdir(templates, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(templates.length))
  const files: Record<string, string> = { 'package.json': manifest(name, range) }
  const identifier = camelCase(name)
  for (const path of paths.toSorted()) {
    const text = await readFile(join(templates, path), 'utf8')
    if (path.endsWith('.ts') && (reserved.test(identifier) || text.split(/\W+/).includes(identifier)) && identifier !== 'acme')
      throw new MillraceError({
        code: 'name_invalid',
        field: name,
        message: `${name} is a word that the code of the adapter uses itself. Add one to it: ${name}-mail.`,
      })
    const target = realNames[path] ?? path.replaceAll('\\', '/').replace('acme', name)
    files[target] = renamed(text, name)
  }
  return files
}
