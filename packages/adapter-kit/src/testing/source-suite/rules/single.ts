import assert from 'node:assert/strict'
import { type CheckFinding, isMillraceError } from '@millrace/core'
import type { SourceRule } from '../rule.ts'
import { idOf, type SourceScene } from '../scene.ts'

/** Ids as attackers and other systems write them. They name nothing. */
const strangeIds = ['no-such-record', '', '..', '../x', 'a/b', '%2e%2e', 'a?b=c', 'a#b', '"', "' or 1=1", 'ü', '\u0000', 'x'.repeat(300)]

const listed = async ({ source, entity, ctx }: SourceScene): Promise<string[]> => {
  const ids: string[] = []
  for await (const page of source.ids?.(entity, ctx) ?? []) ids.push(...page)
  return ids
}

const onceFor: SourceRule['exempt'] = (source, entity) => (entity === source.entities[0] ? undefined : 'the source is asked once')

/** What is asked beside reading. */
export const singleRules: readonly SourceRule[] = [
  {
    id: 'gets-one',
    sentence: 'get() gives a record as it is now: the same as a read does, and not the one from before an edit.',
    async check(scene) {
      const { source, entity, ctx, fake } = scene
      const ids = await scene.add(3)
      for (const id of ids) {
        await source.get(entity, id, ctx)
        scene.later(5_000)
        await fake.edit(entity, id)
        const read = (await scene.changes(scene.everything())).find((change) => idOf(change) === id)
        for (const got of [await source.get(entity, id, ctx), await source.get(entity, id, ctx, read?.version)]) {
          assert.ok(got?.type === 'upsert' && read?.type === 'upsert')
          assert.deepEqual(got.record, read.record)
        }
      }
    },
  },
  {
    id: 'gone-is-nothing',
    sentence:
      'get() of what does not exist, or does not any more, is undefined and no error, whatever the id looks like; it reaches nothing else.',
    async check(scene) {
      const { source, entity, ctx, fake } = scene
      const [id = ''] = await scene.add(2)
      await fake.remove(entity, id)
      for (const strange of [id, ...strangeIds]) {
        const change = await source.get(entity, strange, ctx).catch((error: unknown) => {
          assert.fail(
            `get(${JSON.stringify(strange)}) threw ${isMillraceError(error) ? error.code : typeof error}: what is not there is undefined`,
          )
        })
        assert.equal(change, undefined, `get(${JSON.stringify(strange)}) gave a record`)
      }
    },
  },
  {
    id: 'lists-ids',
    sentence: 'ids() gives the id of everything that exists once, over all pages, and of nothing that was deleted.',
    exempt: (source) => (source.ids === undefined ? 'it lists no ids' : undefined),
    async check(scene) {
      const ids = await scene.add(2 * scene.pageSize + 3, 1_000)
      const [gone = '', ...rest] = ids
      await scene.fake.remove(scene.entity, gone)
      scene.later(60_000)
      assert.deepEqual((await listed(scene)).toSorted(), rest.toSorted())
    },
  },
  {
    id: 'counts',
    sentence: 'count() is the number of records that a full read meets, and with a time only those modified since.',
    exempt: (source) => (source.count === undefined ? 'it counts nothing' : undefined),
    async check(scene) {
      const { source, entity, ctx } = scene
      await scene.add(scene.pageSize + 3)
      scene.later(60_000)
      const since = scene.now
      await scene.add(2)
      assert.deepEqual([await source.count?.(entity, undefined, ctx), await source.count?.(entity, since, ctx)], [scene.pageSize + 5, 2])
    },
  },
  {
    id: 'checks-well',
    sentence: 'check() finds no error in a shop that answers as it should.',
    exempt: onceFor,
    async check({ source, ctx }) {
      const errors = (await source.check(ctx)).filter(({ level }) => level === 'error')
      assert.deepEqual(errors, [])
    },
  },
  {
    id: 'checks-credentials',
    sentence: 'check() with a refused credential throws nothing, finds an error and says which setting it is or what to do.',
    needsServer: true,
    exempt: onceFor,
    async check({ source, ctx, vendor }) {
      vendor.always({ kind: 'status', status: 401, body: { error: 'invalid_client' } })
      const findings: CheckFinding[] = await source.check(ctx).catch(() => assert.fail('check() threw: what it finds is its answer'))
      const errors = findings.filter(({ level }) => level === 'error')
      assert.notDeepEqual(errors, [], 'the shop refuses the credential, and check() is content')
      for (const { message, setting, cure } of errors)
        assert.ok(message.length > 0 && (setting ?? cure ?? '') !== '', `"${message}" names no setting and no cure`)
    },
  },
]
