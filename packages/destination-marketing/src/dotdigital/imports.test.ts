import { fakeClock } from '@millrace/adapter-kit/testing'
import type { OpenTicket } from '@millrace/core'
import { afterEach, describe, expect, it } from 'vitest'
import { closeAccounts, input, known, openAccount, people, person, ticketsOf } from '../test-support/account.ts'

afterEach(closeAccounts)

const products = (from: number) =>
  Array.from({ length: 10 }, (_, index) => input('product', `p${from}-${index}`, { id: `p${from}-${index}`, name: 'x', price: '1' }))

describe('slots of imports', () => {
  it.each([
    ['contacts', 25, (round: number) => people(10, 10 * round)],
    ['insightData', 5, products],
  ] as const)(
    'of %s are %i: the next one waits without being sent, also after a restart, and goes when one is free',
    async (area, slots, inputs) => {
      const open: OpenTicket[] = []
      const account = await openAccount({ fake: { importMs: Infinity }, openTickets: () => open })
      const pending = []
      for (let round = 0; round < slots; round += 1) {
        const batch = inputs(round)
        const outcomes = await account.deliverOnce(...batch)
        const [ticket] = ticketsOf(batch, outcomes)
        expect(ticket?.ticket).toMatch(new RegExp(`^${area}:`))
        pending.push({ batch, outcomes })
        open.push({ object: batch[0]?.object ?? '', ticket: ticket?.ticket ?? '' })
      }
      account.fake.resetRequests()
      const next = inputs(slots)
      // What the store holds is all that counts: this is the same after a restart.
      await expect(account.deliverOnce(...next)).rejects.toMatchObject({ code: 'import_slots_full', retryable: true, scope: 'destination' })
      expect(account.calls().filter((call) => call.startsWith('PUT'))).toEqual([])
      account.fake.account.finishImports()
      const [first] = pending
      if (first === undefined) throw new Error('there is one')
      const done = await account.collect(first.batch, first.outcomes)
      expect([...done.values()].every(({ result }) => result === 'delivered')).toBe(true)
      open.shift()
      expect(ticketsOf(next, await account.deliverOnce(...next))).toHaveLength(1)
    },
  )

  it('that others have taken are waited for: the vendor says so, and it is no rate', async () => {
    const account = await openAccount({ fake: { importMs: Infinity, activeContactImports: 0 } })
    await expect(account.deliverOnce(...people(10))).rejects.toMatchObject({ code: 'import_slots_full', scope: 'destination' })
    expect(account.calls().filter((call) => call.startsWith('PUT'))).toHaveLength(1)
    // Single calls go on.
    expect((await account.deliverOnce(person('a'))).get('contact:a')).toMatchObject({ result: 'delivered' })
  })
})

describe('an import that is late', () => {
  it('is asked for again while it is open, with what was kept of its units', async () => {
    const clock = fakeClock()
    const account = await openAccount({ fake: { importMs: 60_000, now: () => clock.now() }, clock })
    const inputs = people(12)
    const outcomes = await account.deliverOnce(...inputs)
    const still = await account.collect(inputs, outcomes)
    expect([...still.values()].every(({ result }) => result === 'pending')).toBe(true)
    await clock.advance(60_000)
    const done = await account.collect(inputs, still)
    expect([...done.values()].every((outcome) => outcome.result === 'delivered' && outcome.created)).toBe(true)
  })

  it('and whose answer was lost makes no second contact, and does not undo what came after it', async () => {
    const clock = fakeClock()
    let jobs = 0
    // The first one is applied long after the second.
    const account = await openAccount({ fake: { importMs: () => ((jobs += 1) === 1 ? 60_000 : 1_000), now: () => clock.now() }, clock })
    const inputs = people(12)
    await account.deliverOnce(...inputs)
    // Nobody knows of the ticket: the process died between answer and store. Meanwhile everybody has another name.
    const newer = inputs.map((one) => ({ ...one, fields: { ...one.fields, FIRSTNAME: 'Newest' }, uncertain: true }))
    const second = await account.deliverOnce(...newer)
    await clock.advance(2_000)
    const done = await account.collect(newer, second)
    expect([...done.values()].every(({ result }) => result === 'delivered')).toBe(true)
    await clock.advance(120_000)
    const contacts = account.fake.account.contacts()
    expect(contacts).toHaveLength(12)
    expect(new Set(contacts.map(({ dataFields }) => dataFields['FIRSTNAME']))).toEqual(new Set(['Newest']))
  })

  it('and that turns out to have made the contact is written over by the newer version', async () => {
    const clock = fakeClock()
    const account = await openAccount({ fake: { importMs: 60_000, now: () => clock.now() }, clock })
    const inputs = people(12)
    await account.deliverOnce(...inputs)
    const newer = inputs.map((one) => ({ ...one, fields: { ...one.fields, FIRSTNAME: 'Newest' }, uncertain: true }))
    const second = await account.deliverOnce(...newer)
    await clock.advance(61_000)
    const found = await account.collect(newer, second)
    // They are there and ours: the engine links them, and the next attempt writes by id.
    const linked = newer.map((one) => {
      const outcome = found.get(one.unit)
      if (outcome?.result !== 'conflict') throw new Error(`${one.unit} is ${outcome?.result}`)
      expect(outcome.candidates).toMatchObject([{ key: one.key }])
      return { ...one, remoteId: outcome.candidates[0]?.remoteId ?? '' }
    })
    const third = await account.deliverOnce(...linked)
    await clock.advance(61_000)
    await account.collect(linked, third)
    expect(new Set(account.fake.account.contacts().map(({ dataFields }) => dataFields['FIRSTNAME']))).toEqual(new Set(['Newest']))
    expect(account.fake.account.contacts()).toHaveLength(12)
  })
})

describe('an import that is refused whole because of some rows', () => {
  const refuse = ({ fake }: Awaited<ReturnType<typeof openAccount>>, bad: string): void => {
    fake.faults.schedule({
      fault: { kind: 'reply', reply: { status: 400, body: { errorCode: 'contacts:invalidParameter', description: bad } } },
      times: Infinity,
      where: ({ path, text }) => path.endsWith('/import') && text.includes(bad),
    })
  }
  const counted = (outcomes: ReadonlyMap<string, { result: string }>): Record<string, number> =>
    Object.fromEntries([...Map.groupBy(outcomes.values(), ({ result }) => result)].map(([result, all]) => [result, all.length]))
  const spoil = (inputs: ReturnType<typeof people>, field: string): ReturnType<typeof people> =>
    inputs.map((one, index) => (index === 17 || index === 80 ? { ...one, fields: { ...one.fields, [field]: 'spoiled' } } : one))

  it('costs those contacts, new and known, and no more imports than halving takes', async () => {
    const account = await openAccount()
    refuse(account, 'spoiled')
    const inputs = people(100)
    const first = await account.deliver(...spoil(inputs, 'FIRSTNAME'))
    expect(counted(first)).toEqual({ delivered: 98, failed: 2 })
    expect(account.fake.account.contacts()).toHaveLength(98)
    const there = inputs.filter(({ unit }) => first.get(unit)?.result === 'delivered')
    account.fake.resetRequests()
    const second = await account.deliver(
      ...there.map((one, index) => known(one, first.get(one.unit), { FIRSTNAME: index === 40 ? 'spoiled' : 'Changed' })),
    )
    expect(counted(second)).toEqual({ delivered: 97, failed: 1 })
    expect(account.calls().filter((call) => call.startsWith('PUT')).length).toBeLessThanOrEqual(1 + 2 * Math.ceil(Math.log2(98)) + 2)
  })

  it('costs those documents; what finds no slot any more waits', async () => {
    const account = await openAccount()
    refuse(account, 'spoiled')
    const inputs = spoil(
      Array.from({ length: 100 }, (_, index) => input('product', `p${index}`, { id: `p${index}`, name: 'x', price: '1' })),
      'name',
    )
    const results = new Map<string, { result: string }>()
    let open = inputs
    for (let round = 0; round < 10 && open.length > 0; round += 1) {
      try {
        for await (const page of account.destination.deliver(open, account.ctx))
          for (const outcome of page) results.set(outcome.unit, outcome)
      } catch (error) {
        expect(error).toMatchObject({ code: 'import_slots_full' })
      }
      account.fake.account.finishImports()
      open = inputs.filter(({ unit }) => !results.has(unit))
    }
    expect(counted(results)).toEqual({ pending: 98, failed: 2 })
  })
})

describe('requests', () => {
  it('are few, whatever the number of records', async () => {
    const account = await openAccount()
    const table: Record<string, number> = {}
    const count = (what: string): void => {
      table[what] = account.fake.count(({ path, method }) => !(method === 'GET' && /\/import\//.test(path)))
      account.fake.resetRequests()
    }
    const thousand = people(1_000)
    await account.destination.find?.(
      { object: 'contact', by: 'email', values: thousand.map(({ fields }) => String(fields['email'])) },
      account.ctx,
    )
    const first = await account.deliver(...thousand)
    count('1,000 new contacts')
    const changed = await account.deliver(...thousand.map((one) => known(one, first.get(one.unit), { FIRSTNAME: 'Changed' })))
    count('1,000 changed contacts')
    expect([...changed.values()].every(({ result }) => result === 'delivered')).toBe(true)
    await account.deliver(...Array.from({ length: 1_000 }, (_, index) => input('product', `p${index}`, { name: 'x', price: '1' })))
    count('1,000 products')
    const [one] = thousand
    if (one === undefined) throw new Error('there are a thousand')
    await account.deliver(known(one, first.get(one.unit), { FIRSTNAME: 'Again' }))
    count('1 changed contact')
    await account.deliver(known(one, first.get(one.unit), {}))
    count('1 contact without a change')
    process.stdout.write(
      `${Object.entries(table)
        .map(([what, calls]) => `${what.padEnd(28)} ${calls}`)
        .join('\n')}\n`,
    )
    expect(table).toEqual({
      '1,000 new contacts': 2,
      '1,000 changed contacts': 1,
      '1,000 products': 1,
      '1 changed contact': 1,
      '1 contact without a change': 0,
    })
    expect(account.fake.account.contacts()).toHaveLength(1_000)
  })
})
