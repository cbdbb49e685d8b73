import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type FakeCommercetools, seedShop, startFakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { type FakeCrmOne, startFakeCrmOne } from '@millrace/fake-vendors/crm-one'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

let shop: FakeCommercetools
let crm: FakeCrmOne
let directory: string
beforeEach(async () => {
  shop = await startFakeCommercetools()
  seedShop(shop, { customers: 40, orders: 60, products: 10, carts: 0 })
  crm = await startFakeCrmOne()
  directory = await mkdtemp(join(tmpdir(), 'millrace-crm-example-'))
})
afterEach(async () => {
  await shop.close()
  await crm.close()
  await rm(directory, { recursive: true, force: true })
})

/** Runs the command on this example's config as a user would, with the two fakes for vendors. */
const millrace = (args: readonly string[], env: Record<string, string> = {}): Promise<{ code: number | null; stdout: string }> =>
  new Promise((resolve) => {
    const all = ['--conditions=@millrace/source', path('../../packages/cli/src/bin.ts'), ...args, '--config', path('millrace.config.ts')]
    const child = spawn(process.execPath, all, {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: {
        ...process.env,
        CTP_PROJECT_KEY: shop.projectKey,
        CTP_CLIENT_ID: shop.clientId,
        CTP_CLIENT_SECRET: shop.clientSecret,
        CTP_API_URL: shop.apiUrl,
        CTP_AUTH_URL: shop.authUrl,
        CRM_ONE_URL: crm.url,
        CRM_ONE_TOKEN: crm.token,
        ...env,
      },
    })
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.on('close', (code) => resolve({ code, stdout }))
  })

// Each command is a process of its own: slow on a busy machine.
describe('the command on this example', { timeout: 240_000 }, () => {
  it('checks, fills the CRM, and a second pass writes nothing', async () => {
    const backfill = await millrace(['backfill', '--json'])
    expect(JSON.parse(backfill.stdout)).toMatchObject({
      run: { kind: 'backfill', status: 'completed' },
      connections: { crm: { deadLettered: 0 } },
    })
    expect(backfill.code).toBe(0)
    expect([crm.crm.orders().length, crm.crm.deals().length]).toEqual([60, 60])
    crm.resetRequests()
    const again = await millrace(['sync', '--json'])
    expect(JSON.parse(again.stdout)).toMatchObject({ connections: { crm: { delivered: 0 } } })
    expect(crm.count(({ method }) => method !== 'GET')).toBe(0)
  })

  it('names what the CRM lacks before anything is written', async () => {
    crm.crm.configure({ attributes: { contact: [], order: [], deal: [] }, pipelines: [] })
    const check = await millrace(['check'])
    expect(check.stdout).toContain('schema_mismatch')
    expect(check.stdout).toContain('pipeline commerce')
    expect(check.code).toBe(1)
    expect((await millrace(['backfill'])).code).toBe(1)
    expect(crm.crm.contacts()).toEqual([])
  })

  it('names a wrong token', async () => {
    const check = await millrace(['check'], { CRM_ONE_TOKEN: 'wrong' })
    expect(check.stdout).toContain('connections.crm.token')
    expect(check.code).toBe(1)
  })
})
