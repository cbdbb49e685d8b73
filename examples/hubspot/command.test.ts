import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type FakeCommercetools, seedShop, startFakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { type FakeHubSpot, startFakeHubSpot } from '@millrace/fake-vendors/hubspot'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

let shop: FakeCommercetools
let portal: FakeHubSpot
let accessToken: string
let directory: string
beforeEach(async () => {
  shop = await startFakeCommercetools()
  seedShop(shop, { customers: 60, orders: 100, products: 20, carts: 0 })
  portal = await startFakeHubSpot({ currencies: ['CHF', 'USD', 'JPY', 'KWD'] })
  accessToken = portal.accessToken
  directory = await mkdtemp(join(tmpdir(), 'millrace-example-'))
})
afterEach(async () => {
  await shop.close()
  await portal.close()
  await rm(directory, { recursive: true, force: true })
})

interface Result {
  code: number | null
  stdout: string
  stderr: string
}

interface Surroundings {
  env?: Record<string, string>
  /** May interfere when something is logged. */
  onLog?: (text: string, kill: (signal: NodeJS.Signals) => void) => void
}

/** Runs the command on this example's config as a user would, with the two fakes for vendors. */
const millrace = (args: readonly string[], surroundings?: Surroundings): Promise<Result> =>
  run([...args, '--config', path('millrace.config.ts')], directory, surroundings)

const run = (args: readonly string[], cwd: string, { env = {}, onLog }: Surroundings = {}): Promise<Result> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['--conditions=@millrace/source', path('../../packages/cli/src/bin.ts'), ...args], {
      cwd,
      env: {
        ...process.env,
        CTP_PROJECT_KEY: shop.projectKey,
        CTP_CLIENT_ID: shop.clientId,
        CTP_CLIENT_SECRET: shop.clientSecret,
        CTP_API_URL: shop.apiUrl,
        CTP_AUTH_URL: shop.authUrl,
        HUBSPOT_ACCESS_TOKEN: accessToken,
        HUBSPOT_BASE_URL: portal.url,
        ...env,
      },
    })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
      onLog?.(text, (signal) => child.kill(signal))
    })
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })

const contactKeys = (): (string | undefined)[] => portal.portal.all('contacts').map(({ properties }) => properties['shop_customer_key'])

// Each command is a process of its own: slow on a busy machine.
describe('the command on this example', { timeout: 240_000 }, () => {
  it('goes from check to trace, and a second pass sends nothing', async () => {
    const unready = await millrace(['check'])
    expect(unready.stdout).toContain('(provisioning_needed)')
    expect(unready.code).toBe(1)
    expect((await millrace(['plan'])).code).toBe(2)
    expect((await millrace(['apply'])).code).toBe(0)
    expect((await millrace(['plan'])).code).toBe(0)
    expect((await millrace(['check'])).code).toBe(0)

    const backfill = await millrace(['backfill', '--json'])
    expect(JSON.parse(backfill.stdout)).toMatchObject({
      run: { kind: 'backfill', status: 'completed' },
      sources: { shop: { customer: { read: 60 }, order: { read: 100 } } },
    })
    expect(backfill.code).toBe(0)
    expect(portal.portal.count('deals')).toBe(100)

    portal.resetRequests()
    const again = await millrace(['sync', '--json'])
    expect(again.code).toBe(0)
    expect(JSON.parse(again.stdout)).toMatchObject({ connections: { 'hubspot-eu': { delivered: 0, requests: 0 } } })
    expect(portal.count()).toBe(0)

    const [customer] = shop.project.all('customer')
    const trace = await millrace(['trace', 'customer', customer?.id ?? '', '--json'])
    expect(JSON.parse(trace.stdout)).toMatchObject({
      found: true,
      deliveries: [{ connection: 'hubspot-eu', object: 'contact', state: 'settled' }],
    })
    const status = await millrace(['status', '--json'])
    expect(JSON.parse(status.stdout)).toMatchObject({ connections: { 'hubspot-eu': { objects: { deal: { created: 100 } } } } })
  })

  it('finishes the batch in hand on SIGTERM, and the next run ends with everything once', async () => {
    await millrace(['apply'])
    let sent = false
    const stopped = await millrace(['backfill', '--json'], {
      onLog: (text, kill) => {
        if (sent || !text.includes('"entity":"customer"')) return
        sent = true
        kill('SIGTERM')
      },
    })
    expect(sent).toBe(true)
    expect(stopped.stderr).toContain('SIGTERM: finishing the batch in hand')
    expect(JSON.parse(stopped.stdout)).toMatchObject({ run: { status: 'stopped' } })
    expect(stopped.code).toBe(1)

    const resumed = await millrace(['backfill', '--json'])
    expect(JSON.parse(resumed.stdout)).toMatchObject({ run: { status: 'completed' } })
    expect(portal.portal.count('deals')).toBe(100)
    expect(new Set(contactKeys()).size).toBe(portal.portal.count('contacts'))
  })

  it.each<[string, { env?: Record<string, string>; before?: () => void }, RegExp]>([
    ['a wrong client secret', { env: { CTP_CLIENT_SECRET: 'wrong' } }, /clientSecret/],
    ['a shop scope that was revoked', { before: () => shop.revokeScope('view_orders') }, /view_orders/],
    ['a refused token', { before: () => portal.credentials.rotate('another') }, /connections\.hubspot-eu\.accessToken/],
    ['a host that cannot be reached', { env: { HUBSPOT_BASE_URL: 'http://127.0.0.1:9' } }, /connections\.hubspot-eu\.baseUrl/],
  ])('names %s, and a backfill writes nothing', async (_, { env = {}, before }, cure) => {
    await millrace(['apply'])
    before?.()
    const check = await millrace(['check'], { env })
    expect(check.stdout).toMatch(/ERROR/)
    expect(check.stdout).toMatch(cure)
    expect(check.code).toBe(1)
    expect((await millrace(['backfill'], { env })).code).toBe(1)
    expect(portal.portal.count('contacts')).toBe(0)
  })

  it('names a missing HubSpot scope, and what needs it does not arrive', async () => {
    await millrace(['apply'])
    portal.credentials.revoke('crm.objects.deals.write')
    const check = await millrace(['check'])
    expect(check.stdout).toContain('crm.objects.deals.write')
    expect(check.code).toBe(1)
    const backfill = await millrace(['backfill'])
    expect(backfill.stdout).toContain('crm.objects.deals.write')
    expect(backfill.code).toBe(1)
    expect(portal.portal.count('deals')).toBe(0)
  })

  it('runs on what init writes', async () => {
    // Beside this example, so that the packages are found.
    const fresh = await mkdtemp(path('./init-'))
    try {
      expect((await run(['init'], fresh)).code).toBe(0)
      const status = await run(['status', '--json'], fresh)
      expect(JSON.parse(status.stdout)).toMatchObject({ connections: { hubspot: {} }, sources: { shop: {} } })
    } finally {
      await rm(fresh, { recursive: true })
    }
  })
})
