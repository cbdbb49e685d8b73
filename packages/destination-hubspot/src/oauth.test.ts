import { oauth } from '@millrace/adapter-kit'
import { inputOf, startFaultServer, type FaultServer } from '@millrace/adapter-kit/testing'
import { afterEach, expect, test } from 'vitest'
import { closePortals, openPortal, type TestPortal } from './test-support/portal.ts'

let endpoint: FaultServer | undefined
afterEach(async () => {
  await closePortals()
  await endpoint?.close()
})

/** A portal of an OAuth app: the endpoint exchanges the refresh token, which stays, for access tokens of half an hour. */
const openApp = async (refreshToken = 'refresh-1'): Promise<TestPortal & { given: () => number }> => {
  let given = 0
  let portal: TestPortal | undefined
  const server = await startFaultServer({
    target({ text }) {
      const form = new URLSearchParams(text)
      if (form.get('client_id') !== 'app' || form.get('client_secret') !== 'app-secret')
        return { status: 400, body: { error: 'invalid_client' } }
      if (form.get('refresh_token') !== 'refresh-1') return { status: 400, body: { error: 'invalid_grant', status: 'BAD_REFRESH_TOKEN' } }
      given += 1
      portal?.fake.credentials.rotate(`access-${given}`)
      return { status: 200, body: { access_token: `access-${given}`, refresh_token: 'refresh-1', expires_in: 1_800, token_type: 'bearer' } }
    },
  })
  endpoint = server
  const accessToken = oauth({
    vendor: 'HubSpot',
    tokenUrl: `${server.url}/oauth/v1/token`,
    clientId: 'app',
    clientSecret: 'app-secret',
    refreshToken,
    clientIn: 'body',
  })
  portal = await openPortal({ provision: false, settings: { accessToken } })
  return { ...portal, given: () => given }
}

const contact = (n: number) => inputOf('contact', `c${n}`, { email: `p${n}@example.com` })

test('an OAuth app gets its tokens by itself, and a new one when HubSpot refuses the old one', async () => {
  const { deliver, fake, destination, ctx, given } = await openApp()
  await destination.apply?.((await destination.plan?.(ctx)) ?? [], ctx)
  expect((await deliver(contact(1))).get('contact:c1')).toMatchObject({ result: 'delivered' })
  expect(given()).toBe(1)
  fake.credentials.expire()
  expect((await deliver(contact(2))).get('contact:c2')).toMatchObject({ result: 'delivered' })
  expect(given()).toBe(2)
})

test('a refresh token that was revoked is named by check, with what to do', async () => {
  const { destination, ctx } = await openApp('revoked-refresh')
  const findings = (await destination.check?.(ctx, 'full')) ?? []
  expect(findings).toMatchObject([{ level: 'error', code: 'credentials_rejected' }])
  expect(findings[0]?.message).toContain('authorise the app again')
  expect(JSON.stringify(findings)).not.toMatch(/revoked-refresh|app-secret/)
})

test('the age of the credential is that of the refresh token, not of the access token', async () => {
  const { destination, fake, deliver } = await openApp()
  const before = await destination.credentialMark?.('seal')
  await deliver(contact(1))
  fake.credentials.expire()
  await deliver(contact(2))
  expect(await destination.credentialMark?.('seal')).toBe(before)
})
