import type { Entity, Money, Source } from '@millrace/core'
import type { ReceivedRequest } from '../fault.ts'

/**
 * What the suite must be able to do with a shop: a few small things over a fake that behaves as the platform does. Everything happens at the time that `setNow` set
 * last, and is stamped with it. Faults are not among them, the suite puts a fault server in front.
 */
export interface SourceFake {
  /** Where it listens on this machine; absent where the source asks no server. */
  readonly url?: string
  /** Sets the shop's own clock, epoch ms; it stands still until it is set again. */
  setNow(epochMs: number): void
  /** Makes the n-th record of a kind, valid and complete, and gives its id. Different `n` differ in everything that must be unique. */
  add(entity: Entity, n: number): string | Promise<string>
  /** Changes something that the source reads of a record. */
  edit(entity: Entity, id: string): void | Promise<void>
  /** Makes a record such as the source cannot understand, without taking it away. */
  spoil(entity: Entity, id: string): void | Promise<void>
  remove(entity: Entity, id: string): void | Promise<void>
  /** Makes a paid order of this amount and gives its id. Needed for sources of orders. */
  addOrder?(gross: Money): string | Promise<string>
  /** Which requests change something at the shop; default every method but GET and HEAD. Needed where tokens or searches are POSTs. */
  isWrite?(request: ReceivedRequest): boolean
  close(): void | Promise<void>
}

/** What a suite is run with. Both functions are called anew for every rule. */
export interface SourceSuiteOptions<Fake extends SourceFake> {
  /**
   * The source under test, talking to this address, with pages of at most {@link SourceSuiteOptions.pageSize}. Called again for a source that knows nothing of the
   * one before, as after a restart. Without `fake` nothing is asked of it.
   */
  source: (baseUrl: string, fake?: Fake) => Source
  fake: () => Fake | Promise<Fake>
  /** Records of a page at most. The suite makes a little more than two pages of records for most rules, so 10 is a good number. */
  pageSize: number
}
