import { readFile } from 'node:fs/promises'
import { createMillrace, type MillraceConfig } from '@millrace/core'
import { memoryStore } from '@millrace/core/testing'
import { env } from '@millrace/runner'
import { afterEach, describe, expect, it, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.resetModules()
})

const file = (name: string): Promise<string> => readFile(new URL(name, import.meta.url), 'utf8')
const variablesOf = (text: string): string[] => [...text.matchAll(/^(\w+)=/gm)].map((match) => match[1] ?? '')

const load = async (): Promise<MillraceConfig> => {
  const module: { default: MillraceConfig } = await import('./millrace.config.ts')
  return module.default
}

describe('the config', () => {
  it('loads with the variables of the template, and its contract fits the destination', async () => {
    for (const name of variablesOf(await file('.env.example')))
      vi.stubEnv(name, name.endsWith('_URL') ? 'https://vendor.example.com' : name.endsWith('ACCOUNT_ID') ? '610000001' : 'value')
    const millrace = createMillrace({ ...(await load()), store: memoryStore() })
    expect(Object.keys((await millrace.status()).connections)).toEqual(['activecampaign-eu'])
    await millrace.close()
  })

  it('names the first variable that is missing', async () => {
    vi.stubEnv('CTP_PROJECT_KEY', '')
    await expect(load()).rejects.toMatchObject({ code: 'env_missing', field: 'CTP_PROJECT_KEY' })
    expect(() => env('CTP_PROJECT_KEY')).toThrow('.env')
  })

  it('asks for no variable that the template does not name', async () => {
    const asked = [...(await file('millrace.config.ts')).matchAll(/env(?:\('|\[')(\w+)'/g)].map((match) => match[1])
    expect(asked.length).toBeGreaterThan(0)
    expect(variablesOf(await file('.env.example'))).toEqual(expect.arrayContaining(asked))
  })
})
