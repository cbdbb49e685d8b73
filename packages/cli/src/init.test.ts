import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runWith } from './testing/fake-environment.ts'
import { fakeMillrace } from './testing/fake-millrace.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-init-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const init = (...args: string[]) => runWith(fakeMillrace(), ['init', ...args], { directory })

describe('init', () => {
  it('writes a config and a template for commercetools and HubSpot', async () => {
    const { code, stdout, opened } = await init('--source', 'commercetools', '--destination', 'hubspot')
    expect({ code, opened }).toEqual({ code: 0, opened: [] })
    const config = await readFile(join(directory, 'millrace.config.mts'), 'utf8')
    expect(config).toContain("import { commercetools } from '@millrace/source-commercetools'")
    expect(config).toContain("import { hubspot } from '@millrace/destination-hubspot'")
    expect(config).toContain("sqlite({ path: 'millrace.db' })")
    const template = await readFile(join(directory, '.env.example'), 'utf8')
    const variables = [...config.matchAll(/env\('(\w+)'\)/g)].map((match) => match[1])
    expect(variables.length).toBeGreaterThan(5)
    for (const variable of variables) expect(template).toMatch(new RegExp(`^${variable}=`, 'm'))
    expect(stdout).toContain('npm install @millrace/core')
  })

  it('chooses these two by itself', async () => {
    const { stdout } = await init('--json')
    expect(JSON.parse(stdout)).toMatchObject({
      files: [join(directory, 'millrace.config.mts'), join(directory, '.env.example')],
      packages: expect.arrayContaining(['@millrace/source-commercetools', '@millrace/destination-hubspot']),
    })
  })

  it('writes Dotdigital as the connection of that name', async () => {
    await init('--destination', 'marketing')
    const config = await readFile(join(directory, 'millrace.config.mts'), 'utf8')
    expect(config).toContain("import { marketing } from '@millrace/destination-marketing'")
    expect(config).toContain('dotdigital: {')
    expect(await readFile(join(directory, '.env.example'), 'utf8')).toContain('DOTDIGITAL_LIST_ID=')
  })

  it('writes plain .ts in a package of ES modules', async () => {
    await writeFile(join(directory, 'package.json'), '{ "type": "module" }')
    await init()
    expect(await readdir(directory)).toContain('millrace.config.ts')
  })

  it.each(['millrace.config.ts', 'millrace.config.mts', 'millrace.config.js', 'millrace.config.mjs', '.env.example'])(
    'never overwrites %s',
    async (name) => {
      await writeFile(join(directory, name), 'mine')
      const { code, stderr } = await init()
      expect(code).toBe(1)
      expect(stderr).toContain('file_exists')
      expect(await readdir(directory)).toEqual([name])
      expect(await readFile(join(directory, name), 'utf8')).toBe('mine')
    },
  )

  it.each([
    ['--source', 'magento', 'There is no source magento. Known are commercetools.'],
    ['--source', 'toString', 'There is no source toString'],
    [
      '--destination',
      'hubspot,salesforce',
      'There is no destination salesforce. Known are hubspot, activecampaign, marketing, crm-one, warehouse.',
    ],
  ])('refuses %s %s and writes nothing', async (option, name, message) => {
    const { code, stderr } = await init(option, name)
    expect(code).toBe(1)
    expect(stderr).toContain(message)
    expect(await readdir(directory)).toEqual([])
  })

  it('writes a destination named twice once', async () => {
    await init('--destination', 'hubspot', '--destination', 'hubspot')
    const config = await readFile(join(directory, 'millrace.config.mts'), 'utf8')
    expect(config.split('destination: hubspot(')).toHaveLength(2)
  })
})
