import assert from 'node:assert/strict'
import { type Change, compareVersions, type Money, recordSchema } from '@millrace/core'
import type { SourceRule } from '../rule.ts'
import { idsOf } from '../scene.ts'

const amounts: readonly Money[] = [
  { currency: 'EUR', amount: '19.99' },
  { currency: 'EUR', amount: '0.01' },
  { currency: 'USD', amount: '9007199254.99' },
  { currency: 'CHF', amount: '1.10' },
  { currency: 'JPY', amount: '500' },
  { currency: 'KWD', amount: '3.050' },
]

const hasParts = ({ version }: Change): boolean => {
  const parts = Object.values(version)
  return parts.length > 0 && parts.every((part) => Number.isFinite(part))
}

/** What a source makes of the shop's rows. */
export const recordRules: readonly SourceRule[] = [
  {
    id: 'gives-canonical-records',
    sentence:
      'What it gives fits the schema of its kind and nothing but that, under its own id, with a version and with the stamp of the shop.',
    async check(scene) {
      await scene.add(3)
      const stamp = scene.now
      scene.later(60_000)
      const changes = await scene.changes(scene.everything())
      assert.equal(changes.length, 3)
      for (const change of changes) {
        assert.equal(change.type, 'upsert')
        assert.ok(hasParts(change), `the version ${JSON.stringify(change.version)} has no parts that are numbers`)
        assert.equal(change.modifiedAt, stamp)
        if (change.type !== 'upsert') continue
        const { success, data, error } = recordSchema.safeParse(change.record)
        assert.ok(success, `the record is none: ${error?.message}`)
        assert.deepEqual(
          change.record,
          data,
          'the record holds what its schema does not have, or lacks what it fills in: let it come out of the schema',
        )
        assert.equal(change.record.entity, scene.entity)
        assert.equal(Date.parse(change.record.modifiedAt), stamp)
      }
    },
  },
  {
    id: 'unchanged-is-equal',
    sentence: 'What did not change is given again with the same content and no older version, also by a new process.',
    async check(scene) {
      await scene.add(3)
      const first = await scene.changes(scene.everything())
      scene.later(3_600_000)
      const again = await scene.changes(scene.everything(), scene.another())
      const contents = (changes: readonly Change[]): unknown[] =>
        changes.map((change) => (change.type === 'upsert' ? change.record : change))
      assert.deepEqual(contents(again), contents(first))
      for (const [index, { version }] of first.entries()) {
        const order = compareVersions(version, again[index]?.version ?? {})
        assert.ok(order === 'same' || order === 'newer', `the version is ${order} than the one before, though nothing changed`)
      }
    },
  },
  {
    id: 'versions-grow',
    sentence: 'What was changed has other content and a newer version: no part is older and one is newer.',
    async check(scene) {
      const { fake, entity, source, ctx } = scene
      const [id = ''] = await scene.add(1)
      for (let round = 0; round < 3; round += 1) {
        const before = await source.get(entity, id, ctx)
        scene.later(5_000)
        await fake.edit(entity, id)
        const after = await source.get(entity, id, ctx)
        assert.ok(before?.type === 'upsert' && after?.type === 'upsert', 'get gives the record')
        assert.equal(compareVersions(before.version, after.version), 'newer')
        assert.notDeepEqual({ ...after.record, modifiedAt: '' }, { ...before.record, modifiedAt: '' }, 'the edit is not in the record')
      }
    },
  },
  {
    id: 'one-bad-row',
    sentence:
      'A row that cannot be understood is given as invalid, with its id and what is wrong, and costs no other; repaired, it is read as what it is.',
    async check(scene) {
      const { fake, entity } = scene
      const ids = await scene.add(3)
      const bad = ids[1] ?? ''
      scene.later(60_000)
      await fake.spoil(entity, bad)
      const changes = await scene.changes(scene.everything())
      assert.deepEqual(idsOf(changes).toSorted(), ids.toSorted(), 'all rows are told, the bad one too')
      const invalid = changes.filter(({ type }) => type === 'invalid')
      assert.deepEqual(idsOf(invalid), [bad])
      for (const change of invalid) {
        assert.ok(
          change.type === 'invalid' && change.problem.length > 0 && change.raw !== undefined,
          'it says what is wrong and keeps what the shop gave',
        )
        assert.ok(hasParts(change))
        assert.equal(change.entity, entity)
      }
    },
  },
  {
    id: 'exact-amounts',
    sentence: 'Amounts are exact, in the digits of their currency: none, two or three, large ones too.',
    exempt: (_, entity) => (entity === 'order' ? undefined : 'only orders are asked for amounts'),
    async check(scene) {
      const { fake, entity, source, ctx } = scene
      assert.ok(fake.addOrder !== undefined, 'the fake needs addOrder: the source has orders')
      for (const gross of amounts) {
        const change = await source.get(entity, await fake.addOrder(gross), ctx)
        assert.ok(change?.type === 'upsert' && change.record.entity === 'order', `an order of ${gross.amount} ${gross.currency} is read`)
        assert.deepEqual(change.record.gross, gross)
      }
    },
  },
]
