import { expect, test } from 'vitest'

import { raw, withFake, type RawReply } from '../raw.ts'
import type { FakeActiveCampaign } from '../server.ts'

const submit = (fake: FakeActiveCampaign, contacts: readonly unknown[], beside: object = {}): Promise<RawReply> =>
  raw(fake, 'POST', 'import/bulk_import', { contacts, ...beside })

const people = (count: number): { email: string }[] => Array.from({ length: count }, (_, index) => ({ email: `p${index}@example.com` }))

function batchOf(reply: RawReply): string {
  return String((reply.body as { batchId?: string }).batchId)
}

test('import-queued: nothing happens before the import is completed, then polling names ids and failed addresses', async () => {
  let now = Date.UTC(2026, 10, 21, 12)
  await withFake({ now: () => now, importDelayMs: 60_000 }, async (fake) => {
    fake.account.exclude('gone@example.com')
    const reply = await submit(fake, [
      { email: 'ada@example.com', first_name: 'Ada', last_name: 'L', phone: '+491' },
      { email: 'Gone@example.com' },
    ])
    expect([reply.status, reply.body]).toEqual([200, expect.objectContaining({ queued_contacts: 2, batchId: expect.any(String) })])
    const info = async (): Promise<unknown> => (await raw(fake, 'GET', `import/info?batchId=${batchOf(reply)}`)).body
    now += 59_999
    expect([await info(), fake.account.contacts()]).toEqual([{ status: 'waiting', success: [], failure: [] }, []])
    now += 1
    const ada = fake.account.contactOf('ada@example.com')
    expect(await info()).toEqual({ status: 'completed', success: [ada?.id], failure: ['Gone@example.com'] })
    expect(ada).toMatchObject({ firstName: 'Ada', lastName: 'L', phone: '+491' })
  })
})

test('an import that is applied late overwrites what was written after it was submitted', () =>
  withFake({ importDelayMs: 60_000 }, async (fake) => {
    await submit(fake, [{ email: 'ada@example.com', first_name: 'Old' }, { email: 'bob@example.com' }])
    await raw(fake, 'POST', 'contact/sync', { contact: { email: 'ada@example.com', firstName: 'New' } })
    expect([fake.account.waiting, fake.account.settle(), fake.account.waiting]).toEqual([1, 1, 0])
    expect(fake.account.contactOf('ada@example.com')?.firstName).toBe('Old')
  }))

test('import-key-case: the success key comes in both cases', () =>
  withFake({}, async (fake) => {
    const keys = new Set<string | undefined>()
    for (let request = 0; request < 20; request += 1) keys.add(Object.keys((await submit(fake, people(2))).body as object)[0])
    expect([...keys].toSorted()).toEqual(['Success', 'success'])
  }))

test('import-cap-250: 251 contacts are refused and nothing is queued', () =>
  withFake({}, async (fake) => {
    const refused = await submit(fake, people(251))
    expect([refused.status, refused.one('')]).toEqual([400, {}])
    expect([refused.body, fake.account.imports()]).toEqual([expect.objectContaining({ success: 0 }), []])
    expect((await submit(fake, people(250))).status).toBe(200)
    expect(fake.requests.map(({ inputs, rule }) => [inputs, rule])).toEqual([
      [251, 'import-cap-250'],
      [250, undefined],
    ])
  }))

test('import-cap-bytes: a body of 400,000 bytes is refused, counted in bytes', () =>
  withFake({}, async (fake) => {
    const sized = (bytes: number): string => {
      const frame = JSON.stringify({ contacts: [{ email: 'ada@example.com', first_name: '' }, { email: 'bob@example.com' }] })
      const room = bytes - Buffer.byteLength(frame)
      return frame.replace('"first_name":""', `"first_name":"${'ü'.repeat(Math.floor(room / 2))}${'x'.repeat(room % 2)}"`)
    }
    expect(Buffer.byteLength(sized(400_000))).toBe(400_000)
    expect((await raw(fake, 'POST', 'import/bulk_import', sized(400_000))).status).toBe(400)
    expect(fake.requests.at(-1)?.rule).toBe('import-cap-bytes')
    expect((await raw(fake, 'POST', 'import/bulk_import', sized(399_999))).status).toBe(200)
  }))

test('import-rate-400: 20 single and 100 other imports in any minute, refused as a 400 with a list of text', async () => {
  let now = Date.UTC(2026, 10, 21, 12)
  await withFake({ now: () => now, limits: { imports: 3, singleImports: 2 } }, async (fake) => {
    const statuses = async (count: number, requests: number): Promise<number[]> => {
      const seen: number[] = []
      for (let request = 0; request < requests; request += 1) seen.push((await submit(fake, people(count))).status)
      return seen
    }
    expect([await statuses(1, 3), await statuses(2, 4)]).toEqual([
      [200, 200, 400],
      [200, 200, 200, 400],
    ])
    const refused = await submit(fake, people(2))
    expect(refused.body).toEqual([expect.stringContaining('imports may be requested per minute')])
    now += 59_999
    expect(await statuses(2, 1)).toEqual([400])
    now += 1
    expect(await statuses(2, 1)).toEqual([200])
  })
})

test('import-validation: one bad contact refuses the request and is named', () =>
  withFake({}, async (fake) => {
    const list = fake.account.addList('News')
    const bad = [
      { email: 'no address' },
      { first_name: 'Ada' },
      { email: 'a@example.com', fields: [{ id: 99, value: 'x' }] },
      { email: 'a@example.com', subscribe: [{ listid: 99 }] },
      { email: 'a@example.com', tags: 'vip' },
      'a@example.com',
    ]
    for (const contact of bad) {
      const reply = await submit(fake, [{ email: 'good@example.com', subscribe: [{ listid: list }] }, contact])
      expect([reply.status, reply.many('failureReasons')]).toEqual([400, [{ contact: 1, failureReason: expect.any(String) }]])
    }
    expect([(await submit(fake, [])).status, (await raw(fake, 'POST', 'import/bulk_import', {})).status]).toEqual([400, 400])
    expect(fake.account.settle()).toBe(0)
  }))

test('import-one-status: a list cannot be subscribed to and left by one contact', () =>
  withFake({}, async (fake) => {
    const listid = fake.account.addList('News')
    const reply = await submit(fake, [{ email: 'a@example.com', subscribe: [{ listid }], unsubscribe: [{ listid }] }])
    expect([reply.status, reply.many('failureReasons')]).toEqual([400, [{ contact: 0, failureReason: expect.any(String) }]])
  }))

test('import-silent-failures: excluded and bounced addresses and bad values show up in polling only', () =>
  withFake({}, async (fake) => {
    const field = fake.account.addField('Born', 'date')
    fake.account.exclude('out@example.com')
    fake.account.bounce('back@example.com')
    const reply = await submit(fake, [
      { email: 'out@example.com' },
      { email: 'back@example.com', first_name: 'B' },
      { email: 'born@example.com', fields: [{ id: field, value: 'yesterday' }] },
      { email: 'ada@example.com', fields: [{ id: field, value: '1815-12-10' }] },
    ])
    expect(reply.status).toBe(200)
    fake.account.settle()
    expect((await raw(fake, 'GET', `import/info?batchId=${batchOf(reply)}`)).body).toEqual({
      status: 'completed',
      success: [fake.account.contactOf('ada@example.com')?.id],
      failure: ['out@example.com', 'back@example.com', 'born@example.com'],
    })
    expect(fake.account.contactOf('back@example.com')?.firstName).toBe('')
    expect(fake.account.contactOf('ada@example.com')?.fields).toEqual({ Born: '1815-12-10' })
  }))

test('import-no-resubscribe: who unsubscribed or bounced stays so, silently; unsubscribing works', () =>
  withFake({}, async (fake) => {
    const [news, offers] = [fake.account.addList('News'), fake.account.addList('Offers')]
    fake.account.setStatus('out@example.com', news, '2')
    fake.account.setStatus('maybe@example.com', news, '0')
    const subscribe = [{ listid: news }]
    const reply = await submit(fake, [
      { email: 'out@example.com', first_name: 'O', subscribe },
      { email: 'maybe@example.com', subscribe },
      { email: 'new@example.com', subscribe: [{ listid: Number(news) }], unsubscribe: [{ listid: offers }] },
    ])
    fake.account.settle()
    expect((await raw(fake, 'GET', `import/info?batchId=${batchOf(reply)}`)).body).toMatchObject({ failure: [] })
    const lists = (email: string): unknown => fake.account.contactOf(email)?.lists
    expect(lists('out@example.com')).toEqual({ [news]: '2' })
    expect(lists('maybe@example.com')).toEqual({ [news]: '1' })
    expect(lists('new@example.com')).toEqual({ [news]: '1', [offers]: '2' })
    expect([fake.account.contactOf('out@example.com')?.firstName, fake.account.resubscriptions()]).toEqual(['O', []])
  }))

test('import-creates-tags: tags come into being by being named, once', () =>
  withFake({}, async (fake) => {
    fake.account.tag('ada@example.com', 'VIP')
    await submit(fake, [
      { email: 'ada@example.com', tags: ['vip', 'new'] },
      { email: 'bob@example.com', tags: ['new'] },
    ])
    fake.account.settle()
    expect([fake.account.tags(), fake.account.contactOf('ada@example.com')?.tags]).toEqual([
      ['VIP', 'new'],
      ['VIP', 'new'],
    ])
  }))

test('import-automations-run: automations run unless a contact or the request excludes them', () =>
  withFake({ importDelayMs: 0 }, async (fake) => {
    await submit(fake, [{ email: 'ada@example.com' }, { email: 'bob@example.com', exclude_automations: true }])
    await submit(fake, [{ email: 'cy@example.com' }, { email: 'di@example.com' }], { exclude_automations: true })
    expect(fake.account.contacts()).toHaveLength(4)
    expect(fake.account.triggers()).toEqual([{ at: expect.any(Number), kind: 'import', id: fake.account.contactOf('ada@example.com')?.id }])
  }))

test('import-queue-counts: shows what waits and what is done', () =>
  withFake({}, async (fake) => {
    const counts = async (): Promise<unknown> => {
      const reply = await raw(fake, 'GET', 'import/bulk_import')
      return [reply.many('outstanding').map(({ contacts }) => contacts), reply.many('recentlyCompleted').map(({ contacts }) => contacts)]
    }
    await submit(fake, people(3))
    expect(await counts()).toEqual([['3'], []])
    fake.account.settle()
    expect(await counts()).toEqual([[], ['3']])
  }))
