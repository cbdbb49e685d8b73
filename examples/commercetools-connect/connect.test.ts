import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createMillrace } from '@millrace/core'
import { memoryStore, recordingDestination } from '@millrace/core/testing'
import { notificationsOf, startFakeCommercetools, type FakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { collect, serve, signedRequests, signIdentity, signRequest } from '@millrace/intake'
import { commercetools } from '@millrace/source-commercetools'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listen } from './event/listen.ts'
import { relay } from './event/relay.ts'
import { subscribe, unsubscribe } from './event/subscription.ts'
import { health } from './job/health.ts'
import { listen as listenToPages } from './service/listen.ts'
import { relay as relayEvents } from './service/relay.ts'

const secret = 'a secret of at least 32 characters!'
const identitySecret = 'who is who, in 32 characters or more'
const writeKey = 'pk-shop-example-com'
const origin = 'https://shop.example'
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
  const crm = recordingDestination({ events: 'at-most-once' })
  const store = memoryStore()
  const millrace = createMillrace({
    sources: { shop: commercetools({ projectKey, clientId, clientSecret, apiUrl, authUrl }) },
    connections: { crm: { destination: crm, contract: { events: { 'account.created': false } } } },
    collect: { shop: { collector: collect({ secret }) } },
    notifications: { shop: { transport: signedRequests({ secret }) } },
    store,
  })
  const server = await serve(millrace, { port: 0, host: '127.0.0.1', adminPort: 0 })
  ends.push(async () => {
    await server.close()
    await millrace.close()
  })
  const variables = { ...platform(), MILLRACE_ENDPOINT: `${server.url}/hooks/shop`, MILLRACE_SECRET: secret }
  const pages = {
    MILLRACE_COLLECT_ENDPOINT: `${server.url}/collect/shop`,
    MILLRACE_COLLECT_SECRET: secret,
    WRITE_KEY: writeKey,
    ORIGINS: `${origin}, https://other.example`,
    IDENTITY_SECRET: identitySecret,
  }
  return { millrace, crm, store, server, variables, pages }
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
    const code = ['event/variables.ts', 'event/relay.ts', 'job/health.ts', 'service/relay.ts']
      .map((file) => readFileSync(new URL(`./${file}`, import.meta.url), 'utf8'))
      .join()
    for (const [, key = ''] of yaml.matchAll(/- key: (\w+)/g)) expect(code).toContain(key)
  })
})

describe('the service application', () => {
  const visitor = 'visitor-0123456789'
  const viewed = (id: string) => ({
    id: `event-${id}`,
    type: 'product.viewed',
    occurredAt: new Date().toISOString(),
    data: { lines: [{ sku: 'S-1' }] },
  })
  const page = (body: unknown, headers: Record<string, string> = {}): Request =>
    new Request('http://localhost/service', {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { origin, 'content-type': 'application/json', 'x-millrace-key': writeKey, ...headers },
    })

  it('hands what pages tell to Millrace, which needs no browser mode; once, and as the person’s whom the token names', async () => {
    const { millrace, crm, pages } = await startMillrace()
    shop.project.add('customer', {
      id: 'ada',
      email: 'ada@example.com',
      addresses: [],
      stores: [],
      createdAt: '2026-01-01T00:00:00.000Z',
      lastModifiedAt: '2026-01-01T00:00:00.000Z',
    })
    await millrace.sync()
    const url = `${await addressOf(listenToPages('/service', relayEvents(pages), 0))}/service`
    const asked = await fetch(url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } })
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, origin])
    const send = async (body: unknown) => {
      const { method, headers } = page(body)
      const response = await fetch(url, { method, headers, body: JSON.stringify(body) })
      expect(response.headers.get('access-control-allow-origin')).toBe(origin)
      return response.status
    }
    const before = { anonymousId: visitor, events: [viewed('1')] }
    expect([await send(before), await send(before)]).toEqual([204, 204])
    await millrace.sync()
    expect(crm.told()).toEqual([])
    const identity = await signIdentity(identitySecret, { customerId: 'ada', anonymousId: visitor })
    expect(await send({ anonymousId: visitor, events: [viewed('2')], identity })).toBe(204)
    await millrace.sync()
    expect(crm.told().map(({ id }) => id)).toEqual([`shop:browse:${visitor}:event-1`, `shop:browse:${visitor}:event-2`])
  })

  it('takes what the shop’s server signs', async () => {
    const { millrace, pages } = await startMillrace()
    const event = {
      id: 'checkout.started:k1',
      type: 'checkout.started',
      occurredAt: new Date().toISOString(),
      subject: { customerId: 'ada' },
      data: { cartId: 'k1' },
    }
    const body = JSON.stringify({ events: [event] })
    const signed = (key: string) =>
      new Request('http://localhost/service', { method: 'POST', body, headers: signRequest(key, body, Date.now()) })
    expect((await relayEvents(pages)(signed('another secret of 32 characters!!!'))).status).toBe(401)
    expect(await millrace.notifications.isDue()).toBe(false)
    expect((await relayEvents(pages)(signed(secret))).status).toBe(204)
    expect(await millrace.notifications.isDue()).toBe(true)
  })

  it.each<[string, unknown, Record<string, string>, number]>([
    ['another origin', { anonymousId: visitor, events: [] }, { origin: 'https://evil.example' }, 403],
    ['another key', { anonymousId: visitor, events: [] }, { 'x-millrace-key': 'pk-another-shop-com' }, 401],
    ['a token that is made up', { anonymousId: visitor, events: [], identity: 'a.b.c' }, {}, 401],
    ['a purchase', { anonymousId: visitor, events: [{ ...viewed('1'), type: 'order.placed' }] }, {}, 400],
    ['no JSON', '{', {}, 400],
    ['more than 64 KiB', 'x'.repeat(65 * 1024), {}, 413],
  ])('refuses %s itself', async (_, body, headers, status) => {
    const { millrace, pages } = await startMillrace()
    expect((await relayEvents(pages)(page(body, headers))).status).toBe(status)
    expect(await millrace.notifications.isDue()).toBe(false)
  })

  it('acknowledges nothing that Millrace refuses, cannot keep, or does not answer in time', async () => {
    const { pages, store } = await startMillrace()
    const body = { anonymousId: visitor, events: [viewed('1')] }
    const status = async (variables: typeof pages, waitMs = 8_000) => (await relayEvents(variables, { waitMs })(page(body))).status
    expect(await status({ ...pages, MILLRACE_COLLECT_SECRET: 'another secret of 32 characters!!!' })).toBe(502)
    store.receive = () => Promise.reject(new Error('disk full'))
    expect(await status(pages)).toBe(502)
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    expect(await status({ ...pages, MILLRACE_COLLECT_ENDPOINT: await addressOf(silent) }, 50)).toBe(503)
    silent.closeAllConnections()
  })

  it('does not start without its variables, or with an origin that is none', async () => {
    const { pages } = await startMillrace()
    expect(() => relayEvents({ ...pages, WRITE_KEY: '' })).toThrow('WRITE_KEY')
    expect(() => relayEvents({ ...pages, ORIGINS: 'https://shop.example/de' })).toThrow('origins')
  })

  it('listens as the other applications do', () => {
    const sources = ['event', 'job', 'service'].map((name) => readFileSync(new URL(`./${name}/listen.ts`, import.meta.url), 'utf8'))
    expect(new Set(sources).size).toBe(1)
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
