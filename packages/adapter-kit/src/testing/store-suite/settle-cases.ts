import { deepEqual, equal } from 'node:assert/strict'
import { created, problem } from './workbench.ts'
import type { StoreCase } from './workbench.ts'

/** What each outcome makes of a claimed row. */
export const settleCases: readonly StoreCase[] = [
  {
    title: 'settles a delivery and writes the journal',
    run: async ({ deliver, row, store }) => {
      await deliver('a', created('r1'))
      const settled = await row('a')
      deepEqual(
        [settled.state, settled.settled, settled.result, settled.remoteId, settled.fingerprint],
        ['settled', 1, 'created', 'r1', 'print of r1'],
      )
      deepEqual(await store.journal({ unit: 'a', limit: 10 }), [
        { at: 1000, run: 'run', connection: 'crm', object: 'contact', unit: 'a', revision: 1, event: 'created', problem: null },
      ])
    },
  },
  {
    title: 'a row is touched only with the revision that is in flight',
    run: async ({ raise, claim, settle, row, store }) => {
      await raise([{ unit: 'a' }])
      const [claimed] = await claim()
      if (claimed) {
        await settle({ ...claimed, sending: 2 }, created('wrong'))
        await settle({ ...claimed, did: claimed.did + 1 }, created('wrong'))
        equal((await row('a')).state, 'sending')
        await settle(claimed, created('r1'))
        await settle(claimed, created('twice'))
      }
      equal((await row('a')).remoteId, 'r1')
      equal((await store.journal({ limit: 10 })).length, 1)
    },
  },
  {
    title: 'of a row settled twice in one batch the first outcome counts',
    run: async ({ raise, claim, store, token, row }) => {
      await raise([{ unit: 'a' }])
      const [claimed] = await claim()
      const key = { did: claimed?.did ?? 0, sending: 1 }
      await store.settle(
        token,
        null,
        [
          { ...key, ...created('first') },
          { ...key, ...created('second') },
        ],
        1000,
      )
      equal((await row('a')).remoteId, 'first')
    },
  },
  {
    title: 'absent parts stay, null clears them',
    run: async ({ raise, claim, deliver, settle, row }) => {
      await deliver('a', { ...created('r1'), objects: { line: 'l1' }, progress: { step: 1 } })
      await raise([{ unit: 'a' }])
      const [second] = await claim()
      if (second) await settle(second, { to: 'settled', result: 'unchanged' })
      const kept = await row('a')
      deepEqual([kept.remoteId, kept.objects, kept.progress, kept.fingerprint], ['r1', { line: 'l1' }, { step: 1 }, 'print of r1'])
      await raise([{ unit: 'a' }])
      const [third] = await claim()
      if (third) await settle(third, { to: 'settled', result: 'archived', remoteId: null, objects: {}, progress: null, fingerprint: null })
      const cleared = await row('a')
      deepEqual([cleared.remoteId, cleared.objects, cleared.progress, cleared.fingerprint], [null, {}, null, null])
    },
  },
  {
    title: 'what is known at the vendor is kept after a failure too',
    run: async ({ deliver, row }) => {
      await deliver('a', { to: 'dead', attempts: 1, problem, remoteId: 'r1', objects: { line: 'l1' }, progress: [1, null, 'x'] })
      const dead = await row('a')
      deepEqual(
        [dead.state, dead.remoteId, dead.objects, dead.progress, dead.problem],
        ['dead', 'r1', { line: 'l1' }, [1, null, 'x'], problem],
      )
    },
  },
  {
    title: 'what is noted while a row is in flight survives a crash, and settles nothing',
    run: async ({ raise, claim, settle, row, store, token }) => {
      await raise([{ unit: 'a' }])
      const [claimed] = await claim()
      if (claimed) await settle(claimed, { to: 'sending', remoteId: 'r1', objects: { line: 'l1' } })
      deepEqual([(await row('a')).state, (await row('a')).remoteId], ['sending', 'r1'])
      deepEqual(await store.journal({ limit: 10 }), [])
      await store.release(token)
      await store.acquire('after a crash')
      deepEqual([(await row('a')).state, (await row('a')).objects], ['ready', { line: 'l1' }])
    },
  },
  {
    title: 'reschedules a failure, remembers since when it fails, and forgets it with success',
    run: async ({ raise, claim, settle, row }) => {
      await raise([{ unit: 'a' }])
      const [first] = await claim()
      if (first) await settle(first, { to: 'ready', nextAt: 2000, attempts: 1, problem }, 1500)
      const [second] = await claim(undefined, 2000)
      if (second) await settle(second, { to: 'ready', nextAt: 4000, attempts: 2, problem }, 2500)
      const failing = await row('a')
      deepEqual([failing.state, failing.attempts, failing.nextAt, failing.failedSince, failing.problem], ['ready', 2, 4000, 1500, problem])
      const [third] = await claim(undefined, 4000)
      if (third) await settle(third, created('r1'))
      const well = await row('a')
      deepEqual([well.attempts, well.failedSince, well.problem], [0, null, null])
    },
  },
  {
    title: 'a skip keeps its reason until the next revision',
    run: async ({ raise, deliver, row }) => {
      await deliver('a', { to: 'settled', result: 'skipped', problem })
      deepEqual([(await row('a')).state, (await row('a')).problem], ['settled', problem])
      await raise([{ unit: 'a' }])
      equal((await row('a')).problem, null)
    },
  },
  {
    title: 'a newer revision wins over every outcome of the older one',
    run: async ({ raise, claim, settle, row }) => {
      const outcomes = [
        created('r1'),
        { to: 'dead', attempts: 3, problem },
        { to: 'parked', waitsFor: null, problem },
        { to: 'held', problem },
      ] as const
      for (const [index, outcome] of outcomes.entries()) {
        const unit = `unit ${index}`
        await raise([{ unit }])
        const [claimed] = await claim()
        await raise([{ unit }])
        if (claimed) await settle(claimed, outcome, 3000)
        deepEqual([(await row(unit)).state, (await row(unit)).nextAt, (await row(unit)).attempts], ['ready', 3000, 0])
        const [again] = await claim(undefined, 3000)
        deepEqual([again?.unit, again?.sending], [unit, 2])
      }
    },
  },
  {
    title: 'tells what happened in the journal, in the order of time',
    run: async ({ raise, claim, settle, store }) => {
      const story = [
        { to: 'ready', nextAt: 0, attempts: 0 },
        { to: 'ready', nextAt: 0, attempts: 1, problem },
        { to: 'ready', nextAt: 0, attempts: 2, problem, unconfirmed: true },
        { to: 'dead', attempts: 3, problem },
      ] as const
      await raise([{ unit: 'a' }])
      for (const part of story) {
        const [claimed] = await claim()
        if (claimed) await settle(claimed, part)
      }
      const journal = await store.journal({ units: ['a', 'unknown'], limit: 10 })
      deepEqual(
        journal.map((entry) => [entry.event, entry.problem?.code ?? null]),
        [
          ['deferred', null],
          ['retrying', problem.code],
          ['unconfirmed', problem.code],
          ['dead-lettered', problem.code],
        ],
      )
      deepEqual(
        (await store.journal({ limit: 1 })).map((entry) => entry.event),
        ['dead-lettered'],
      )
      deepEqual(await store.journal({ unit: 'unknown', limit: 10 }), [])
    },
  },
  {
    title: 'imports of the vendor are asked for when they are due, and settled with their revision',
    run: async ({ raise, claim, settle, store, row }) => {
      await raise([{ unit: 'a' }, { unit: 'b' }])
      for (const [index, claimed] of (await claim()).entries())
        await settle(claimed, { to: 'pending', ticket: `t${index}`, nextAt: 3000 - index })
      deepEqual(await store.tickets('crm', 2998, 10), [])
      deepEqual(
        (await store.tickets('crm', 3000, 10)).map((due) => [due.unit, due.ticket, due.sending]),
        [
          ['b', 't1', 1],
          ['a', 't0', 1],
        ],
      )
      const [due] = await store.tickets('crm', 3000, 1)
      if (due) await settle(due, { to: 'pending', ticket: 't1', nextAt: 9000 })
      deepEqual(
        (await store.tickets('crm', 3000, 10)).map((each) => each.unit),
        ['a'],
      )
      equal((await row('b')).nextAt, 9000)
    },
  },
  {
    title: 'open imports are named once each, whether they are due or not, and no more when their rows are settled',
    run: async ({ raise, claim, settle, store }) => {
      await raise([{ unit: 'a' }, { unit: 'b' }, { unit: 'c' }, { unit: 'd' }])
      const claimed = await claim()
      for (const [index, each] of claimed.entries())
        await settle(
          each,
          index === 3 ? { to: 'settled', result: 'created' } : { to: 'pending', ticket: index === 0 ? 't2' : 't1', nextAt: 9000 },
        )
      const open = (await store.openTickets('crm')).map(({ ticket }) => ticket)
      deepEqual(open, ['t1', 't2'])
      const [first] = await store.tickets('crm', 9000, 10)
      if (first) await settle(first, { to: 'settled', result: 'created' })
      deepEqual(
        (await store.openTickets('crm')).map(({ ticket }) => ticket),
        first?.ticket === 't2' ? ['t1'] : open,
      )
      deepEqual(await store.openTickets('nobody'), [])
    },
  },
]
