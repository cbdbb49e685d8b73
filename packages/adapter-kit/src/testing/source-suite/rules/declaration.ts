import assert from 'node:assert/strict'
import { entities } from '@millrace/core'
import type { SourceRule } from '../rule.ts'

const knownEntities: ReadonlySet<string> = new Set(entities)

/** What a source says of itself. */
export const declarationRules: readonly SourceRule[] = [
  {
    id: 'declares-itself',
    sentence:
      "It carries specificationVersion 'v1' and a name, kinds of records that exist, each once, how its versions are to be read, and times in ms.",
    async check({ source }) {
      assert.equal(source.specificationVersion, 'v1')
      assert.match(source.name, /^[a-z][a-z0-9-]*$/, 'a name is lower case, as of a package')
      assert.equal(new Set(source.entities).size, source.entities.length, 'a kind of record is named twice')
      for (const entity of source.entities) assert.ok(knownEntities.has(entity), `${entity} is no kind of record`)
      assert.ok(['parts', 'timestamp'].includes(source.versioning))
      for (const ms of [source.settleMs, source.overlapMs]) assert.ok(Number.isFinite(ms) && ms >= 0, `${ms} is no time in ms`)
    },
  },
  {
    id: 'tells-the-shops-time',
    sentence: "now() is the shop's own clock, to the second, and not the machine's.",
    async check({ source, ctx, later, now }) {
      later(86_400_000)
      const told = await source.now(ctx)
      const off = told - (now + 86_400_000)
      assert.ok(
        Math.abs(off) <= 2_000,
        `now() is ${off} ms away from the shop's clock: windows would end before or after what is stamped in them`,
      )
    },
  },
]
