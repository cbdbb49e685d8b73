import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripTypeScriptTypes } from 'node:module'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { destinationNames } from './adapters.ts'
import { main } from './main.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'millrace-create-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

const filesIn = async (directory: string): Promise<Record<string, string>> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Object.fromEntries(await Promise.all(paths.map(async (path) => [path.slice(directory.length + 1), await readFile(path, 'utf8')])))
}

describe('a project', () => {
  it('has all that npm, TypeScript and the command need, for every destination at once', async () => {
    const directory = join(root, 'my-shop')
    const said = await main([directory, '--source', 'commercetools', '--destination', destinationNames.join()])
    expect(said).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('npm install') })
    const files = await filesIn(directory)
    expect(Object.keys(files).toSorted()).toEqual(
      ['.env.example', '.gitignore', 'README.md', 'millrace.config.ts', 'package.json', 'tsconfig.json'].toSorted(),
    )
    const { name, type, dependencies } = JSON.parse(files['package.json'] ?? '')
    expect({ name, type }).toEqual({ name: 'my-shop', type: 'module' })
    const imported = [...(files['millrace.config.ts'] ?? '').matchAll(/from '([^']+)'/g)].map((match) => match[1] ?? '')
    expect(Object.keys(dependencies)).toEqual(expect.arrayContaining([...imported, '@millrace/cli']))
    const asked = [...(files['millrace.config.ts'] ?? '').matchAll(/^[^/]*env\('(\w+)'\)/gm)].map((match) => match[1])
    const named = [...(files['.env.example'] ?? '').matchAll(/^(\w+)=/gm)].map((match) => match[1])
    expect(asked.toSorted()).toEqual(named.toSorted())
    expect(files['.gitignore']).toContain('.env\n')
    expect(() => stripTypeScriptTypes(files['millrace.config.ts'] ?? '')).not.toThrow()
  })

  it.each([
    [['--source', 'magento'], 'There is no source magento'],
    [['--destination', 'hubspot,constructor'], 'There is no destination constructor'],
  ])('%j is refused before anything is written', async (args, message) => {
    const said = await main([join(root, 'shop'), ...args])
    expect(said).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(message) })
    expect(await readdir(root)).toEqual([])
  })
})

describe('an adapter', () => {
  it('is a package under its own name, and nothing is left of the template in it', async () => {
    const directory = join(root, 'blue-mail')
    expect(await main([directory, '--adapter'])).toMatchObject({ code: 0, stderr: '' })
    const files = await filesIn(directory)
    expect(Object.keys(files).toSorted()).toEqual(
      [
        '.github/workflows/test.yml',
        '.gitignore',
        'README.md',
        'package.json',
        'src/blue-mail-fake.ts',
        'src/blue-mail.test.ts',
        'src/blue-mail.ts',
        'src/index.ts',
        'tsconfig.build.json',
        'tsconfig.json',
      ].toSorted(),
    )
    expect(Object.values(files).join('\n')).not.toMatch(/acme/i)
    expect(JSON.parse(files['package.json'] ?? '')).toMatchObject({ name: 'millrace-destination-blue-mail' })
    expect(files['src/index.ts']).toBe("export { blueMail, type BlueMailSettings } from './blue-mail.ts'\n")
    expect(files['src/blue-mail.ts']).toContain("name: 'blue-mail',")
    for (const [path, text] of Object.entries(files)) if (path.endsWith('.ts')) expect(() => stripTypeScriptTypes(text), path).not.toThrow()
  })

  it('may have a name that holds the name of the template', async () => {
    const directory = join(root, 'acme-mail')
    expect(await main([directory, '--adapter'])).toMatchObject({ code: 0 })
    const files = await filesIn(directory)
    expect(files['src/index.ts']).toBe("export { acmeMail, type AcmeMailSettings } from './acme-mail.ts'\n")
    expect(files['src/acme-mail.test.ts']).toContain("from './acme-mail-fake.ts'")
  })

  it.each(['new', 'path', 'email', 'rows', 'class'])('is not called %s, which its code could not take', async (name) => {
    const { code, stderr } = await main([join(root, name), '--adapter'])
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('name_invalid') })
  })

  it('takes no adapters to choose from', async () => {
    expect(await main([join(root, 'acme'), '--adapter', '--destination', 'hubspot'])).toMatchObject({ code: 2 })
    expect(await readdir(root)).toEqual([])
  })
})

describe.each([
  ['a project', []],
  ['an adapter', ['--adapter']],
])('%s', (_, args) => {
  it('never touches a directory that holds something', async () => {
    const directory = join(root, 'mine')
    await mkdir(directory)
    await writeFile(join(directory, 'README.md'), 'mine')
    expect(await main([directory, ...args])).toMatchObject({ code: 1, stderr: expect.stringContaining('directory_not_empty') })
    expect(await filesIn(directory)).toEqual({ 'README.md': 'mine' })
  })

  it('goes into a fresh repository', async () => {
    await mkdir(join(root, 'fresh', '.git'), { recursive: true })
    expect(await main([join(root, 'fresh'), ...args])).toMatchObject({ code: 0 })
  })

  it('has a name that npm and code can take, or is refused', async () => {
    let tried = 0
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[^/\\\0.]{1,30}$/), async (name) => {
        const { code, stderr } = await main([join(root, String((tried += 1)), name), ...args])
        if (code === 0) expect(name).toMatch(/^[a-z][a-z0-9-]*$/)
        else expect(stderr).toContain('name_invalid')
      }),
      { numRuns: 30 },
    )
  })
})

describe('the command', () => {
  it.each([
    [[], 'Say which directory'],
    [['a', 'b'], 'One directory'],
    [['a', '--soruce', 'commercetools'], "'--soruce'"],
    [['a', '--destination', ','], '--destination needs a name'],
  ])('%j is explained', async (args, message) => {
    expect(await main(args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) })
  })

  it('tells what there is', async () => {
    expect((await main(['--help'])).stdout).toContain(destinationNames.join(', '))
  })
})
