import type { ChildInput, ConsentDecision, ContractOverride, Destination, FieldValue, Input, Membership } from '@millrace/core'
import type { ReceivedRequest } from '../fault.ts'

/** What a record is made of, as the destination's objects and contract name it. */
export interface Sample {
  fields: Readonly<Record<string, FieldValue>>
  /** Our own key; default `Suite-<object>-<n>`: keys keep their case. */
  key?: string
  children?: readonly ChildInput[]
}

/**
 * What the suite must be able to do with a vendor: a few small things over a fake that behaves as the vendor does. Faults are not among them, the suite puts a
 * fault server in front.
 */
export interface DestinationFake {
  /** Where it listens on this machine, as the destination's base URL is written. */
  readonly url: string
  /**
   * The n-th valid record of an object. Different `n` give different keys, e-mails and whatever else must be unique. Of an event object: what is told of a placed
   * order, or of the first type in the contract where that is not told. An object made from consent is asked for too: its fields, of the same `n` with the address
   * of the person; unit, key and parents are then those of the person.
   */
  sample(object: string, n: number): Sample
  /**
   * The same input, spoiled so that the vendor refuses it and nothing else: in whatever the adapter sends of it. Where consent goes by the person's id, that is
   * `parents`.
   */
  poison(input: Input): Input
  /**
   * How many live objects of this kind the vendor holds; of an object made from consent: how many people deny something. Also asked for children, by their name
   * and that of the object that they stand in.
   */
  count(object: string, parent?: string): number | Promise<number>
  /** Our own key as the vendor holds it on an object, or nothing. */
  keyOf(object: string, remoteId: string): string | undefined | Promise<string | undefined>
  /**
   * The fields that the vendor holds of an object, by their names here and in the units of `Input.fields`: an amount as a decimal, a time in ISO 8601. Those that
   * it tells are compared; nothing when the object is gone. Needed for every object but consent and events.
   */
  fieldsOf?(
    object: string,
    remoteId: string,
  ): Readonly<Record<string, FieldValue>> | undefined | Promise<Readonly<Record<string, FieldValue>> | undefined>
  /** The fields of the children that stand in an object, in any order, named as those of `fieldsOf` are. Needed for objects with children. */
  childrenOf?(
    object: string,
    remoteId: string,
  ): readonly Readonly<Record<string, FieldValue>>[] | Promise<readonly Readonly<Record<string, FieldValue>>[]>
  /** Ids of the people whom an object belongs to at the vendor. Needed for objects, other than consent and events, with a parent that is made from people. */
  parentsOf?(object: string, remoteId: string): readonly string[] | Promise<readonly string[]>
  close(): Promise<void>
  /** Which requests change something; default every method but GET. Needed where reads are POSTs. */
  isWrite?(request: ReceivedRequest): boolean
  /** Puts an object there that Millrace did not make, without our key, and gives its id. Needed for objects with `adoptBy`. */
  plant?(object: string, fields: Readonly<Record<string, FieldValue>>): string | Promise<string>
  /** The lists and tags that an object is in, as `<kind>:<name>`, whoever put it there. Needed for objects with `memberships`. */
  membershipsOf?(object: string, remoteId: string): readonly string[] | Promise<readonly string[]>
  /** Puts an object into a list or tag, as a person at the vendor does; makes the list or tag where it is not there. Needed for objects with `memberships`. */
  addMembership?(object: string, remoteId: string, membership: Membership): void | Promise<void>
  /** Makes a list or tag, where the destination takes only those that exist. */
  createMembership?(membership: Membership): void | Promise<void>
  /** Lets asynchronous imports that are under way finish. Called before every `collect`; the suite does not wait for `checkAfterMs`. */
  finishImports?(): void | Promise<void>
  /** What the vendor holds of consent. Needed where an object is made from consent. */
  consent?: FakeConsent
}

/**
 * The vendor's consent, seen from its own side. A person is told by an input of an object made from consent or from a person; `sample` gives both of the same `n`
 * the same address.
 */
export interface FakeConsent {
  /** What the vendor holds of this person for a topic of the suite's contract. */
  status(person: Input, topic: string): ConsentDecision['status'] | Promise<ConsentDecision['status']>
  /** The person says so at the vendor itself: clicks unsubscribe, fills in a form. The vendor knows the person. */
  set(person: Input, topic: string, status: 'granted' | 'denied'): void | Promise<void>
}

/**
 * What a suite is run with. Both functions are called anew for every rule. The suite's clock is `scaledClock(10)`: a fake that counts calls per second does so by
 * one of its own, and what `applyLate` of a fault server repeats counts there too.
 */
export interface DestinationSuiteOptions {
  /** The destination under test, talking to this address. */
  destination: (baseUrl: string) => Destination
  fake: () => DestinationFake | Promise<DestinationFake>
  /** Changes to the default contract that the rules are checked under, such as topics of consent. */
  contract?: ContractOverride
}
