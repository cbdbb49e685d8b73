import assert from 'node:assert/strict'
import type { ReadWindow } from '@millrace/core'
import type { SourceRule } from '../rule.ts'
import { idOf, idsOf, type SourceScene } from '../scene.ts'

const second = 1_000
const modes = ['full', 'delta'] as const

const sorted = (ids: Iterable<string>): string[] => [...ids].toSorted()
const windowOf = (scene: SourceScene, mode: ReadWindow['mode'], from: number): ReadWindow =>
  mode === 'full' ? scene.everything() : { mode, from, to: scene.now }

/** More than two pages. */
const some = ({ pageSize }: SourceScene): number => 2 * pageSize + 3

/** How a source goes through what the shop holds. */
export const readingRules: readonly SourceRule[] = [
  {
    id: 'reads-everything',
    sentence: 'A full read gives every record of the shop once, over all pages.',
    async check(scene) {
      const ids = await scene.add(some(scene), second)
      assert.deepEqual(sorted(idsOf(await scene.changes(scene.everything()))), sorted(ids))
    },
  },
  {
    id: 'reads-what-changed',
    sentence:
      'A delta read gives what was modified from `from` to `to`, both included, and nothing else; what was modified later is for the next one.',
    async check(scene) {
      const { fake, entity } = scene
      const ids = await scene.add(4)
      scene.later(60 * second)
      const from = scene.now
      await fake.edit(entity, ids[1] ?? '')
      const [added = ''] = await scene.add(1)
      scene.later(60 * second)
      const to = scene.now
      await fake.edit(entity, ids[2] ?? '')
      scene.later(60 * second)
      await fake.edit(entity, ids[3] ?? '')
      assert.deepEqual(sorted(idsOf(await scene.changes({ mode: 'delta', from, to }))), sorted([ids[1] ?? '', added, ids[2] ?? '']))
      const next = await scene.changes({ mode: 'delta', from: to + second, to: scene.now })
      assert.deepEqual(idsOf(next), [ids[3]])
    },
  },
  {
    id: 'reads-nothing-of-nothing',
    sentence: 'A shop that holds nothing, and a window in which nothing was modified, end without a record.',
    async check(scene) {
      assert.deepEqual(await scene.changes(scene.everything()), [], 'a shop that holds nothing')
      await scene.add(3)
      scene.later(600 * second)
      assert.deepEqual(await scene.changes({ mode: 'delta', from: scene.now - 60 * second, to: scene.now }), [])
    },
  },
  {
    id: 'shared-stamps',
    sentence: 'Records of one stamp are all read, wherever a page ends between them.',
    async check(scene) {
      const from = scene.now
      const ids = await scene.add(some(scene))
      assert.deepEqual(sorted(idsOf(await scene.changes({ mode: 'delta', from, to: from }))), sorted(ids))
    },
  },
  {
    id: 'goes-on-from-a-cursor',
    sentence:
      'From the cursor of any page, kept as text, a new process reads the rest: nothing is left out, and what was read is not read again.',
    async check(scene) {
      const from = scene.now
      const ids = await scene.add(some(scene), second)
      for (const mode of modes) {
        const window = windowOf(scene, mode, from)
        const pages = await scene.pages(window)
        const seen: string[] = []
        for (const { changes, cursor } of pages) {
          seen.push(...idsOf(changes))
          assert.equal(typeof cursor, 'string')
          const rest = idsOf(await scene.changes({ ...window, cursor }, scene.another()))
          assert.deepEqual(sorted([...seen, ...rest]), sorted(ids), `${mode} read, after ${seen.length} records`)
        }
      }
    },
  },
  {
    id: 'survives-edits',
    sentence: 'Records that change, or are made, while a window is read push no other record out of it, and are read in the next window.',
    async check(scene) {
      const { fake, entity, source, ctx } = scene
      const from = scene.now
      const ids = await scene.add(some(scene), second)
      const to = scene.now
      const seen = new Set<string>()
      const edited: string[] = []
      for await (const { changes } of source.read(entity, { mode: 'delta', from, to }, ctx)) {
        for (const change of changes) seen.add(idOf(change))
        if (edited.length > 0) continue
        scene.later(10 * second)
        edited.push(...idsOf(changes).slice(0, 3), ...ids.slice(-1))
        for (const id of edited) await fake.edit(entity, id)
        edited.push(...(await scene.add(1)))
      }
      const lost = ids.filter((id) => !edited.includes(id) && !seen.has(id))
      assert.deepEqual(lost, [], 'rows that nobody touched were left out: page by the last row that was read, not by numbers')
      const next = new Set(idsOf(await scene.changes({ mode: 'delta', from: to, to: scene.now })))
      assert.deepEqual(
        edited.filter((id) => !next.has(id)),
        [],
      )
    },
  },
  {
    id: 'survives-deletions',
    sentence: 'Records that are deleted while the shop is read whole push no other record out of the read.',
    async check(scene) {
      const { fake, entity, source, ctx } = scene
      const ids = await scene.add(some(scene), second)
      const seen = new Set<string>()
      const removed: string[] = []
      for await (const { changes } of source.read(entity, scene.everything(), ctx)) {
        for (const change of changes) seen.add(idOf(change))
        if (removed.length > 0) continue
        removed.push(...idsOf(changes).slice(0, 3))
        for (const id of removed) await fake.remove(entity, id)
      }
      assert.deepEqual(
        ids.filter((id) => !seen.has(id)),
        [],
        'page by the last row that was read, not by numbers',
      )
    },
  },
]
