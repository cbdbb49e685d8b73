import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { openMillrace } from './open-millrace.ts'

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

const testing = new URL('../../core/src/testing/index.ts', import.meta.url).href

it('names the file of a wrong contract, besides the path in it', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-open-'))
  folders.push(directory)
  const text = `
    import { memoryStore, recordingDestination, scriptedSource } from ${JSON.stringify(testing)}
    export default {
      sources: { shop: scriptedSource() },
      connections: { crm: { destination: recordingDestination(), contract: { prefix: 'My Shop' } } },
      store: memoryStore(),
    }`
  const file = join(directory, 'millrace.config.mjs')
  await writeFile(file, text)
  await expect(openMillrace({ directory })).rejects.toMatchObject({
    code: 'contract_invalid',
    message: expect.stringMatching(new RegExp(`^${file}: The contract has a problem:\\n  connections\\.crm\\.contract\\.prefix: `)),
  })
})
