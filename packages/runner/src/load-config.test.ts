import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const run = promisify(execFile)

const parts = `
const source = { specificationVersion: 'v1', name: 'shop', read() {} }
const destination = { specificationVersion: 'v1', name: 'crm', deliver() {} }
const store = { specificationVersion: 'v1', acquire() {} }
`
const valid = `${parts} export default { source, destinations: [destination], store }`

/** Loads in a Node of its own: vitest would transform the config itself, and Node's type stripping is what is under test. */
const load = async (
  path?: string,
): Promise<{ path?: string; keys?: string[]; code?: string; message?: string; field?: string; plain?: string }> => {
  const script = `
    import { loadConfig } from ${JSON.stringify(fileURLToPath(new URL('./load-config.ts', import.meta.url)))}
    const print = (value) => process.stdout.write(JSON.stringify(value))
    try {
      const { path, config } = await loadConfig(${JSON.stringify(path)}, ${JSON.stringify(folder)})
      print({ path, keys: Object.keys(config) })
    } catch (error) {
      print(error.code === undefined ? { plain: String(error) } : { code: error.code, message: error.message, field: error.field })
    }`
  const { stdout } = await run(process.execPath, ['--conditions=@millrace/source', '--input-type=module', '-e', script], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
  })
  return JSON.parse(stdout)
}

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-config-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text)

describe('loadConfig', () => {
  it.each(['millrace.config.ts', 'millrace.config.mts', 'millrace.config.mjs'])('finds %s', async (name) => {
    await write(name, valid)
    expect(await load()).toEqual({ path: join(folder, name), keys: ['source', 'destinations', 'store'] })
  })

  it('finds millrace.config.js in a package of ES modules', async () => {
    await write('package.json', '{ "type": "module" }')
    await write('millrace.config.js', valid)
    expect(await load()).toMatchObject({ path: join(folder, 'millrace.config.js') })
  })

  it('prefers the TypeScript file over a compiled one', async () => {
    await write('millrace.config.ts', valid)
    await write('millrace.config.mjs', 'throw new Error("must not be loaded")')
    expect(await load()).toMatchObject({ path: join(folder, 'millrace.config.ts') })
  })

  it('reads types, type imports and satisfies in TypeScript', async () => {
    await write(
      'millrace.config.ts',
      `import type { MillraceConfig } from '@millrace/core'\n${parts}\nconst config: MillraceConfig = { source, destinations: [destination], store }\nexport default config satisfies object`,
    )
    expect(await load()).toMatchObject({ keys: ['source', 'destinations', 'store'] })
  })

  it('takes a path relative to the directory', async () => {
    await mkdir(join(folder, 'deep'))
    await write('deep/other.mts', valid)
    expect(await load('deep/other.mts')).toMatchObject({ path: join(folder, 'deep/other.mts') })
  })

  it('says where it looked and how to begin when there is none', async () => {
    const error = await load()
    expect(error.code).toBe('config_not_found')
    expect(error.message).toContain(folder)
    expect(error.message).toContain('millrace init')
  })

  it('names a given path that does not exist, and does not fall back to another file', async () => {
    await write('millrace.config.ts', valid)
    const error = await load('missing.ts')
    expect(error.code).toBe('config_not_found')
    expect(error.message).toContain(join(folder, 'missing.ts'))
  })

  it('does not take a directory for a config', async () => {
    await mkdir(join(folder, 'millrace.config.ts'))
    expect((await load()).code).toBe('config_not_found')
  })

  it.each([
    ['a syntax error in TypeScript, with its line', 'millrace.config.ts', '\n\nconst x: = 3\n', /millrace\.config\.ts:3\)/],
    ['a syntax error in JavaScript', 'millrace.config.mjs', 'export default { a:', /Unexpected end of input/],
    ['an enum, which Node does not strip', 'millrace.config.ts', 'enum A { x }\nexport default A', /only strips types/],
    [
      'a package that is not installed',
      'millrace.config.ts',
      `import 'millrace-no-such-package'\n${valid}`,
      /npm install millrace-no-such-package/,
    ],
    ['a relative import that leads nowhere', 'millrace.config.ts', `import './gone'\n${valid}`, /relative ones need their file ending/],
    ['what the file itself throws', 'millrace.config.ts', 'throw new Error("shop list is empty")', /shop list is empty/],
    ['what is thrown though it is no error', 'millrace.config.ts', 'throw "plain text"', /plain text/],
  ])('explains %s', async (_, name, text, expected) => {
    await write(name, text)
    const error = await load()
    expect(error.code).toBe('config_import_failed')
    expect(error.message).toContain(join(folder, name))
    expect(error.message).toMatch(expected)
  })

  it('passes on what an adapter says about its settings', async () => {
    await write(
      'millrace.config.ts',
      `class E extends Error { code = 'setting_missing' }\nconst e = new E('accessToken is missing')\nObject.defineProperty(e, Symbol.for('millrace.error'), { value: true })\nthrow e`,
    )
    expect(await load()).toMatchObject({ code: 'setting_missing', message: 'accessToken is missing' })
  })

  it('asks for a default export', async () => {
    await write('millrace.config.ts', `${parts} export const config = { source, destinations: [destination], store }`)
    const error = await load()
    expect(error.code).toBe('config_no_default_export')
    expect(error.message).toContain('export default defineConfig')
  })

  it('names the setting of a wrong type', async () => {
    await write('millrace.config.ts', `${parts} export default { source, destinations: destination, store }`)
    expect(await load()).toMatchObject({ code: 'config_invalid', field: 'destinations' })
  })
})
