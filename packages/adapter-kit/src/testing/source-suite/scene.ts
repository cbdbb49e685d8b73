import assert from 'node:assert/strict'
import { type Change, type Entity, type ReadWindow, silentLogger, type Source, type SourceContext, type SourcePage } from '@millrace/core'
import { startFaultServer, type FaultServer } from '../fault-server.ts'
import { hastyClock } from '../hasty-clock.ts'
import type { SourceFake, SourceSuiteOptions } from './fake.ts'

const start = Date.parse('2026-03-01T12:00:00.000Z')

/** A source in front of a fresh shop, for one rule and one kind of record. */
export interface SourceScene {
  readonly entity: Entity
  readonly source: Source
  readonly ctx: SourceContext
  readonly fake: SourceFake
  /** Between the source and the shop. Throws for a source that asks no server. */
  readonly vendor: FaultServer
  readonly pageSize: number
  /** The shop's clock, epoch ms. */
  readonly now: number
  /** Moves the shop's clock. */
  later(ms: number): void
  /** Makes this many records, each `apartMs` after the one before, and gives their ids. */
  add(count: number, apartMs?: number): Promise<string[]>
  /** A source that knows nothing of what this one did. */
  another(): Source
  /** Everything up to now. */
  everything(): ReadWindow
  pages(window: ReadWindow, source?: Source): Promise<SourcePage[]>
  changes(window: ReadWindow, source?: Source): Promise<Change[]>
  isWrite(request: FaultServer['requests'][number]): boolean
  close(): Promise<void>
}

/** The record that a change is about. */
export const idOf = (change: Change): string => (change.type === 'upsert' ? change.record.id : change.id)

export const idsOf = (changes: readonly Change[]): string[] => changes.map(idOf)

/** Opens one. */
export async function openScene<Fake extends SourceFake>(options: SourceSuiteOptions<Fake>, entity: Entity): Promise<SourceScene> {
  const fake = await options.fake()
  const clock = hastyClock()
  const vendor = fake.url === undefined ? undefined : await startFaultServer({ target: fake.url, clock })
  const opened: Source[] = []
  const another = (): Source => {
    const source = options.source(vendor?.url ?? '', fake)
    opened.push(source)
    return source
  }
  let now = start
  fake.setNow(now)
  let made = 0
  const ctx: SourceContext = { clock, logger: silentLogger, signal: new AbortController().signal }
  const source = another()
  const most = (rows: number): number => 3 * Math.ceil(rows / options.pageSize) + 20

  const scene: SourceScene = {
    entity,
    source,
    ctx,
    fake,
    pageSize: options.pageSize,
    get vendor() {
      assert.ok(vendor !== undefined, 'only sources that ask a server have one')
      return vendor
    },
    get now() {
      return now
    },
    later(ms) {
      now += ms
      fake.setNow(now)
    },
    async add(count, apartMs = 0) {
      const ids: string[] = []
      for (let index = 0; index < count; index += 1) {
        if (index > 0) scene.later(apartMs)
        ids.push(await fake.add(entity, made))
        made += 1
      }
      return ids
    },
    another,
    everything: () => ({ mode: 'full', to: now }),
    async pages(window, from = source) {
      const pages: SourcePage[] = []
      for await (const page of from.read(entity, window, ctx)) {
        pages.push(page)
        assert.ok(
          pages.length <= most(made),
          `${pages.length} pages for ${made} records: reading never ends. Page behind the last row that was read.`,
        )
      }
      return pages
    },
    changes: async (window, from) => (await scene.pages(window, from)).flatMap(({ changes }) => changes),
    isWrite: (request) => fake.isWrite?.(request) ?? !['GET', 'HEAD'].includes(request.method),
    async close() {
      for (const one of opened) await one.close?.()
      await vendor?.close()
      await fake.close()
    },
  }
  return scene
}
