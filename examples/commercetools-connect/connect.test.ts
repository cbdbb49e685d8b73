import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createMillrace } from '@millrace/core'
import { memoryStore, recordingDestination } from '@millrace/core/testing'
import { notificationsOf, startFakeCommercetools, type FakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { serve, signedRequests } from '@millrace/intake'
import { commercetools } from '@millrace/source-commercetools'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listen } from './event/listen.ts'
import { relay } from './event/relay.ts'
import { subscribe, unsubscribe } from './event/subscription.ts'
import { health } from './job/health.ts'

const secret = 'a secret of at least 32 characters!'
const gcp = { CONNECT_SUBSCRIPTION_DESTINATION: 'GoogleCloudPubSub', CONNECT_GCP_PROJECT_ID: 'ct-connect', CONNECT_GCP_TOPIC_NAME: 'topic' }
const sns = { CONNECT_SUBSCRIPTION_DESTINATION: 'SNS', CONNECT_AWS_TOPIC_ARN: 'arn:aws:sns:eu-central-1:123456789012:topic' }

let shop: FakeCommercetools
const ends: (() => Promise<unknown>)[] = []
beforeEach(async () => {
  shop = await startFakeCommercetools({ scopes: ['manage_project'] })
})
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
  await shop.close()
})

const platform = () => ({
  CTP_PROJECT_KEY: shop.projectKey,
  CTP_CLIENT_ID: shop.clientId,
  CTP_CLIENT_SECRET: shop.clientSecret,
  CTP_API_URL: shop.apiUrl,
  CTP_AUTH_URL: shop.authUrl,
})

const startMillrace = async () => {
  const { projectKey, clientId, clientSecret, apiUrl, authUrl } = shop
  const crm = recordingDestination()
  const store = memoryStore()
  const millrace = createMillrace({
    sources: { shop: commercetools({ projectKey, clientId, clientSecret, apiUrl, authUrl }) },
    connections: { crm: { destination: crm } },
    notifications: { shop: { transport: signedRequests({ secret }) } },
    store,
  })
  const server = await serve(millrace, { port: 0, host: '127.0.0.1', adminPort: 0 })
  ends.push(async () => {
    await server.close()
    await millrace.close()
  })
  const variables = { ...platform(), MILLRACE_ENDPOINT: `${server.url}/hooks/shop`, MILLRACE_SECRET: secret }
  return { millrace, crm, store, server, variables }
}

const envelope = (notification: unknown): string =>
  JSON.stringify({ message: { data: Buffer.from(JSON.stringify(notification)).toString('base64') } })

const addressOf = async (server: Server): Promise<string> => {
  ends.push(() => new Promise((resolve) => server.close(resolve)))
  if (!server.listening) await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const posted = (body: string): Request => new Request('http://localhost/event', { method: 'POST', body })

describe('the event application', () => {
  it('hands a notification in Connect’s envelope to Millrace, which delivers the record', async () => {
    const { millrace, crm, variables } = await startMillrace()
    const customer = shop.project.add('customer', { id: 'c1', email: 'c1@example.com', lastName: 'Early', addresses: [], stores: [] })
    const url = await addressOf(listen('/event', relay(variables), 0))
    const body = envelope(notificationsOf(shop.projectKey).change('customer', customer))
    const answers = [await fetch(`${url}/event`, { method: 'POST', body }), await fetch(`${url}/event`, { method: 'POST', body })]
    expect(answers.map(({ status }) => status)).toEqual([204, 204])
    await millrace.notifications.process()
    expect(crm.objectsOf('contact').map(({ key }) => key)).toEqual(['shop:c1'])
    expect((await fetch(`${url}/other`, { method: 'POST', body })).status).toBe(404)
    expect((await fetch(`${url}/event`)).status).toBe(405)
  })

  it('acknowledges the subscription’s own test', async () => {
    const { variables } = await startMillrace()
    expect((await relay(variables)(posted(envelope(notificationsOf(shop.projectKey).test())))).status).toBe(204)
  })

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['no message', '{}'],
    ['no data', '{"message":{}}'],
    ['data that is no text', '{"message":{"data":1}}'],
    ['data that is no JSON', JSON.stringify({ message: { data: Buffer.from('hello').toString('base64') } })],
    ['null', 'null'],
    ['more than any notification', envelope('x'.repeat(600_000))],
  ])('does not acknowledge %s', async (_, body) => {
    const { variables, millrace } = await startMillrace()
    expect((await relay(variables)(posted(body))).status).toBe(400)
    expect(await millrace.notifications.isDue()).toBe(false)
  })

  it('does not acknowledge what Millrace refuses or cannot keep', async () => {
    const { variables, store } = await startMillrace()
    const body = envelope(notificationsOf(shop.projectKey).test())
    expect((await relay({ ...variables, MILLRACE_SECRET: 'another secret of 32 characters!!!' })(posted(body))).status).toBe(502)
    store.receive = () => Promise.reject(new Error('disk full'))
    const customer = shop.project.add('customer', { id: 'c1', email: 'c1@example.com', addresses: [], stores: [] })
    const change = envelope(notificationsOf(shop.projectKey).change('customer', customer))
    expect((await relay(variables)(posted(change))).status).toBe(502)
  })

  it('does not acknowledge when nobody answers, or not in time', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    const url = await addressOf(silent)
    const variables = { MILLRACE_ENDPOINT: url, MILLRACE_SECRET: secret }
    const body = envelope(notificationsOf(shop.projectKey).test())
    expect((await relay(variables, { waitMs: 50 })(posted(body))).status).toBe(503)
    expect((await relay({ ...variables, MILLRACE_ENDPOINT: 'http://127.0.0.1:1/' })(posted(body))).status).toBe(503)
    silent.closeAllConnections()
  })

  it('waits less than the ten seconds that Connect does', async () => {
    const source = readFileSync(new URL('./event/relay.ts', import.meta.url), 'utf8')
    expect(Number(/patienceMs = ([\d_]+)/.exec(source)?.[1]?.replace('_', ''))).toBeLessThan(10_000)
  })

  it('does not start without its variables', () => {
    expect(() => relay({ MILLRACE_SECRET: secret })).toThrow('MILLRACE_ENDPOINT')
  })
})

describe('deployment', () => {
  it.each([
    ['Google', gcp, { type: 'GoogleCloudPubSub', projectId: 'ct-connect', topic: 'topic' }],
    ['Amazon', sns, { type: 'SNS', topicArn: 'arn:aws:sns:eu-central-1:123456789012:topic' }],
  ])('at %s makes the subscription once, and undeployment removes it', async (_, connect, destination) => {
    const variables = { ...platform(), ...connect }
    expect(await subscribe(variables)).toEqual(['create subscription millrace-connect'])
    expect(await subscribe(variables)).toEqual([])
    expect(shop.project.all('subscription')).toMatchObject([{ key: 'millrace-connect', destination }])
    expect(await unsubscribe(variables)).toBe(true)
    expect(await unsubscribe(variables)).toBe(false)
    expect(shop.project.count('subscription')).toBe(0)
  })

  it('again, with another topic, points the subscription there', async () => {
    await subscribe({ ...platform(), ...gcp })
    await subscribe({ ...platform(), ...gcp, CONNECT_GCP_TOPIC_NAME: 'newer' })
    expect(shop.project.all('subscription')).toMatchObject([{ destination: { topic: 'newer' } }])
  })

  it('at a destination that is not known says so', async () => {
    await expect(subscribe({ ...platform(), CONNECT_SUBSCRIPTION_DESTINATION: 'EventGrid' })).rejects.toThrow('EventGrid')
    await expect(subscribe({ ...platform(), CONNECT_SUBSCRIPTION_DESTINATION: 'SNS' })).rejects.toThrow('CONNECT_AWS_TOPIC_ARN')
  })

  it('names applications, scripts and variables that exist', () => {
    const yaml = readFileSync(new URL('./connect.yaml', import.meta.url), 'utf8')
    for (const [, name = '', type] of yaml.matchAll(/- name: (\w+)\n\s+applicationType: (\w+)/g)) {
      expect(type).toBe(name)
      const { scripts } = JSON.parse(readFileSync(new URL(`./${name}/package.json`, import.meta.url), 'utf8')) as {
        scripts: Record<string, string>
      }
      for (const script of Object.values(scripts)) readFileSync(new URL(`./${name}/${script.replace('node ', '')}`, import.meta.url))
    }
    for (const [, script = ''] of yaml.matchAll(/npm run (\S+)/g))
      expect(readFileSync(new URL('./event/package.json', import.meta.url), 'utf8')).toContain(script)
    const code = ['event/variables.ts', 'event/relay.ts', 'job/health.ts']
      .map((file) => readFileSync(new URL(`./${file}`, import.meta.url), 'utf8'))
      .join()
    for (const [, key = ''] of yaml.matchAll(/- key: (\w+)/g)) expect(code).toContain(key)
  })
})

describe('the job application', () => {
  it('is content when the subscription is healthy and Millrace ready, and says what is not', async () => {
    const { server, variables } = await startMillrace()
    const job = health({ ...variables, MILLRACE_READY_URL: `${server.adminUrl}/readyz` })
    const wrong = async () => {
      const response = await job()
      const body = (await response.json()) as { wrong: string[] }
      return [response.status, ...body.wrong]
    }
    expect(await wrong()).toEqual([500, 'source_subscription_missing'])
    await subscribe({ ...variables, ...gcp })
    const [made] = shop.project.all('subscription')
    shop.project.update('subscription', made?.id ?? '', { status: 'Healthy' })
    expect(await wrong()).toEqual([200])
    shop.project.update('subscription', made?.id ?? '', { status: 'ConfigurationErrorDeliveryStopped' })
    expect(await wrong()).toEqual([500, 'source_subscription_unhealthy'])
    await server.close()
    expect(await wrong()).toEqual([500, 'source_subscription_unhealthy', 'millrace_not_ready'])
  })
})
