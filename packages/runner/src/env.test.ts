import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadEnvFile } from './env-file.ts'
import { env } from './env.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-env-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('loadEnvFile', () => {
  it('sets what the file names and leaves what is already set', async () => {
    await writeFile(join(folder, '.env'), '# secrets\nTOKEN="from file"\nPROJECT=file\n')
    const variables: NodeJS.ProcessEnv = { PROJECT: 'deployment' }
    await loadEnvFile(folder, variables)
    expect(variables).toEqual({ TOKEN: 'from file', PROJECT: 'deployment' })
  })

  it('does without a file', async () => {
    const variables: NodeJS.ProcessEnv = {}
    await loadEnvFile(folder, variables)
    expect(variables).toEqual({})
  })
})

describe('env', () => {
  it('gives the value', () => expect(env('TOKEN', { TOKEN: 'x' })).toBe('x'))

  it.each([{}, { TOKEN: '' }])('names a variable that is missing or empty', (variables) => {
    expect(() => env('TOKEN', variables)).toThrow(
      expect.objectContaining({ code: 'env_missing', field: 'TOKEN', message: expect.stringContaining('.env') }),
    )
  })
})
