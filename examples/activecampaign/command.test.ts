import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type FakeActiveCampaign, startFakeActiveCampaign, unlimited } from '@millrace/fake-vendors/activecampaign'
import { type FakeCommercetools, seedShop, startFakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

let shop: FakeCommercetools
let account: FakeActiveCampaign
let directory: string
beforeEach(async () => {
  shop = await startFakeCommercetools()
  seedShop(shop, { customers: 30, orders: 40, products: 10, carts: 0, businessUnits: 0 })
  account = await startFakeActiveCampaign({ limits: unlimited, importDelayMs: 100, orderLagMs: 0, deepDataLagMs: 0 })
  account.account.addList('News')
  directory = await mkdtemp(join(tmpdir(), 'millrace-example-'))
})
afterEach(async () => {
  await shop.close()
  await account.close()
  await rm(directory, { recursive: true, force: true })
})

/** Runs the command on this example's config as a user would, with the two fakes for vendors. */
const millrace = (...args: string[]): Promise<{ code: number | null; stdout: string }> =>
  new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ['--conditions=@millrace/source', path('../../packages/cli/src/bin.ts'), ...args, '--config', path('millrace.config.ts')],
      {
        cwd: directory,
        env: {
          ...process.env,
          CTP_PROJECT_KEY: shop.projectKey,
          CTP_CLIENT_ID: shop.clientId,
          CTP_CLIENT_SECRET: shop.clientSecret,
          CTP_API_URL: shop.apiUrl,
          CTP_AUTH_URL: shop.authUrl,
          ACTIVECAMPAIGN_API_URL: account.url,
          ACTIVECAMPAIGN_API_TOKEN: account.apiToken,
          ACTIVECAMPAIGN_ACCOUNT_ID: account.tracking.accountId,
          ACTIVECAMPAIGN_EVENT_KEY: account.tracking.eventKey,
          ACTIVECAMPAIGN_TRACKING_URL: account.tracking.url,
          ACTIVECAMPAIGN_NEWSLETTER_LIST: 'News',
        },
      },
    )
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.on('close', (code) => resolve({ code, stdout }))
  })

// Each command is a process of its own: slow on a busy machine, and five requests a second are waited for.
describe('the command on this example', { timeout: 240_000 }, () => {
  it('goes from check to backfill, and a second pass writes nothing', async () => {
    const unready = await millrace('check')
    expect(unready.stdout).toContain('(provisioning_needed)')
    expect(unready.code).toBe(1)
    expect((await millrace('apply')).code).toBe(0)
    expect((await millrace('plan')).code).toBe(0)
    expect((await millrace('check')).code).toBe(0)

    const backfill = await millrace('backfill', '--json')
    expect(JSON.parse(backfill.stdout)).toMatchObject({ run: { kind: 'backfill', status: 'completed' } })
    expect(backfill.code).toBe(0)
    expect(account.account.orders()).toHaveLength(40)
    expect(account.account.triggers()).toEqual([])
    const keys = account.account.contacts().flatMap(({ fields }) => fields['shop_customer_key'] ?? [])
    expect(new Set(keys).size).toBe(account.account.contacts().length)

    account.resetRequests()
    const again = await millrace('sync', '--json')
    expect(again.code).toBe(0)
    expect(JSON.parse(again.stdout)).toMatchObject({ connections: { 'activecampaign-eu': { delivered: 0 } } })
    expect(account.count(({ method }) => method !== 'GET')).toBe(0)
  })
})
