import { destinationSuite, startFaultServer, type DestinationFake } from '@millrace/adapter-kit/testing'
import { resolveContract, silentLogger, systemClock, type DestinationContext, type Input, type Outcome } from '@millrace/core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { crmOne } from '../crm-one.ts'
import { input, known, results } from '../test-support/crm.ts'
import { startTryton, trytonMissing, type TrytonServer } from '../test-support/tryton-server.ts'
import { trytonDialect } from './tryton.ts'

const reason = trytonMissing()
if (reason !== undefined) process.stdout.write(`skipped: ${reason}\n`)

const party = 'model.party.party'
const ours = [['code', 'like', 'commercetools:%']]
const everyone = { active_test: false }

let tryton: TrytonServer
const opened: { close(): Promise<void> }[] = []

const ids = async (domain: readonly unknown[] = ours): Promise<number[]> => {
  const found = await tryton.call(`${party}.search`, domain, 0, null, null, everyone)
  return Array.isArray(found) ? found.map(Number) : []
}
const rows = async (fields: readonly string[]): Promise<unknown> =>
  tryton.call(`${party}.search_read`, ours, 0, null, [['code', 'ASC']], fields, everyone)
const forget = async (): Promise<void> => {
  const all = await ids()
  if (all.length > 0) await tryton.call(`${party}.delete`, all, {})
}

/** The suite's handles on the real server. */
const fake = async (): Promise<DestinationFake> => {
  await forget()
  return {
    url: tryton.url,
    sample: (object, n) => ({
      key: `suite:${object}-${n}`,
      fields: { name: `Person Number ${n}`, email: `Person.${n}@Example.com`, phone: `+4312345${1_000 + n}` },
    }),
    poison: (one) => ({ ...one, fields: { ...one.fields, shoe_size: 'no such field' } }),
    count: async () => (await ids()).length,
    keyOf: async (_, remoteId) => {
      const found = await tryton.call(`${party}.read`, [Number(remoteId)], ['code'], {})
      const [row] = Array.isArray(found) ? found : []
      return typeof row?.code === 'string' ? row.code.slice('commercetools:'.length) : undefined
    },
    async fieldsOf(_, remoteId) {
      const names = ['name', 'active', 'contact_mechanisms.type', 'contact_mechanisms.value']
      const found = await tryton.call(`${party}.search_read`, [['id', '=', Number(remoteId)]], 0, null, null, names, everyone)
      const [row] = Array.isArray(found) ? found : []
      if (row === undefined) return undefined
      const mechanisms: { type: string; value: string }[] = row['contact_mechanisms.']
      const value = (type: string): string | null => mechanisms.find((one) => one.type === type)?.value ?? null
      return { name: row.name, active: Boolean(row.active), email: value('email'), phone: value('phone') }
    },
    isWrite: ({ text }) => /"method":"[\w.]+\.(create|write|delete)"/.test(text),
    close: () => Promise.resolve(),
  }
}

describe.skipIf(reason !== undefined)('Tryton 6.0, the real server', () => {
  beforeAll(async () => {
    tryton = await startTryton()
  })
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close()
  })
  afterAll(() => tryton.close())

  destinationSuite({ destination: (baseUrl) => crmOne({ token: 'admin:millrace-test', baseUrl, dialect: trytonDialect }), fake })

  describe('parties', () => {
    const open = async (token = tryton.token) => {
      await forget()
      const vendor = await startFaultServer({ target: tryton.url })
      const destination = crmOne({ token, baseUrl: vendor.url, dialect: trytonDialect })
      opened.push(vendor, { close: async () => destination.close?.() })
      const ctx: DestinationContext = {
        connection: 'crm',
        contract: resolveContract(destination, undefined, 'connections.crm.contract'),
        clock: systemClock,
        logger: silentLogger,
        signal: new AbortController().signal,
      }
      const deliver = async (...inputs: Input[]): Promise<Map<string, Outcome>> => {
        const outcomes = new Map<string, Outcome>()
        for await (const yielded of destination.deliver(inputs, ctx)) for (const outcome of yielded) outcomes.set(outcome.unit, outcome)
        return outcomes
      }
      return { destination, ctx, deliver, vendor }
    }
    const person = (id: string, fields: Input['fields'] = {}, more: Partial<Input> = {}): Input =>
      input('contact', `shop:${id}`, { name: `Person ${id}`, email: `p${id}@example.com`, ...fields }, more)

    it('are created in one call, and one bad record among a hundred costs itself', async () => {
      const { deliver, destination } = await open()
      const people = Array.from({ length: 100 }, (_, index) => person(String(index), index === 42 ? { shoe_size: 'x' } : {}))
      expect(results(await deliver(...people))).toEqual({ delivered: 99, attribute_unknown: 1 })
      expect(await ids()).toHaveLength(99)
      expect(destination.usage?.().requests).toBeLessThanOrEqual(40)
    })

    it('are changed item by item: what others added stays', async () => {
      const { deliver } = await open()
      const one = person('1', { phone: '+4312345678', street: 'Ring 1', city: 'Wien' })
      const outcome = (await deliver(one)).get(one.unit)
      await tryton.call(
        `${party}.write`,
        [Number(outcome?.remoteId)],
        { contact_mechanisms: [['create', [{ type: 'email', value: 'other@example.com' }]]] },
        {},
      )
      const next = known(one, outcome, { email: 'new@example.com', phone: null, city: 'Graz' })
      expect((await deliver(next)).get(one.unit)).toMatchObject({ result: 'delivered', created: false, remoteId: outcome?.remoteId })
      expect(
        await rows(['code', 'name', 'contact_mechanisms.type', 'contact_mechanisms.value', 'addresses.street', 'addresses.city']),
      ).toMatchObject([
        {
          code: 'commercetools:shop:1',
          name: 'Person 1',
          'contact_mechanisms.': [
            { type: 'email', value: 'new@example.com' },
            { type: 'email', value: 'other@example.com' },
          ],
          'addresses.': [{ street: 'Ring 1', city: 'Graz' }],
        },
      ])
    })

    it('are found by their code when the store was lost, and archived ones come back', async () => {
      const { deliver, destination, ctx } = await open()
      const one = person('1')
      const outcome = (await deliver(one)).get(one.unit)
      expect(await destination.find?.({ object: 'contact', by: 'code', values: ['shop:1', 'shop:2'] }, ctx)).toMatchObject([
        { remoteId: outcome?.remoteId, key: 'shop:1', fields: { name: 'Person 1', email: 'p1@example.com' } },
      ])
      await deliver({ ...one, operation: 'archive', remoteId: outcome?.remoteId ?? '' })
      expect(await rows(['active'])).toMatchObject([{ active: 0 }])
      expect((await deliver(person('1', { active: true }))).get(one.unit)).toMatchObject({
        result: 'delivered',
        remoteId: outcome?.remoteId,
      })
      expect(await rows(['active'])).toMatchObject([{ active: 1 }])
    })

    it('keep their record when a guest registers', async () => {
      const { deliver } = await open()
      const guest = input('contact', 'guest:abc', { name: 'Guest' })
      const before = (await deliver(guest)).get(guest.unit)
      const account = { ...person('1'), remoteId: before?.remoteId ?? '', remoteKey: 'guest:abc' }
      expect((await deliver(account)).get(account.unit)).toMatchObject({ result: 'delivered', created: false, remoteId: before?.remoteId })
      expect(await rows(['code', 'name'])).toMatchObject([{ code: 'commercetools:shop:1', name: 'Person 1' }])
    })

    it('are listed with our keys, those of others only when asked for', async () => {
      const { deliver, destination, ctx } = await open()
      await deliver(person('1'), person('2'))
      const keys = async (foreign: boolean): Promise<string[]> => {
        const found: string[] = []
        for await (const page of destination.list?.({ object: 'contact', fields: ['name'], foreign }, ctx) ?? [])
          found.push(...page.map(({ key }) => key))
        return found.toSorted()
      }
      expect(await keys(false)).toEqual(['shop:1', 'shop:2'])
      const other = await tryton.call(`${party}.create`, [{ name: 'Somebody', code: 'C-1' }], {})
      expect(await keys(true)).toContain('')
      await tryton.call(`${party}.delete`, other, {})
    })

    it('are written again after the session has ended', async () => {
      const { deliver, vendor } = await open()
      await deliver(person('1'))
      vendor.next({ kind: 'status', status: 401 })
      vendor.forget()
      expect(results(await deliver(person('2')))).toEqual({ delivered: 1 })
      expect(vendor.requests.map(({ text }) => /"method":"([\w.]+)"/.exec(text)?.[1])).toEqual([
        `${party}.search_read`,
        'common.db.login',
        `${party}.search_read`,
        `${party}.create`,
        `${party}.search_read`,
      ])
    })

    it('a wrong password is found by check, and names the setting', async () => {
      const { destination, ctx } = await open('admin:wrong')
      expect(await destination.check?.(ctx, 'quick')).toMatchObject([
        { level: 'error', code: 'credentials_rejected', setting: 'connections.crm.token' },
      ])
    })

    it('what Tryton cannot hold is not there to be asked for', async () => {
      const { destination } = await open()
      expect(Object.keys(destination.objects)).toEqual(['contact'])
      expect([destination.erase, destination.consentOf, destination.consentChanges]).toEqual([undefined, undefined, undefined])
    })
  })
})
