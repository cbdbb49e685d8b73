import { createRandom, type Random } from '../http/index.ts'
import { createGraph, type AssociationGraph } from './associations/graph.ts'
import { createConsent, type ConsentBook } from './consent/book.ts'
import { createEventBook, type EventBook } from './events/book.ts'
import type { ListBook } from './lists/list.ts'
import { objectTypes, type ObjectTypeName } from './object-types.ts'
import { createStore, type ObjectStore } from './objects/store.ts'
import type { Settings } from './options.ts'
import { defaultDealPipeline, defaultOrderPipeline, type Pipeline } from './pipelines/pipeline.ts'
import { createEmailCheck, type EmailCheck } from './properties/email.ts'

/** The whole state of a fake portal. Handlers work on it synchronously, so a request is applied as a whole. */
export interface Portal {
  readonly settings: Settings
  readonly random: Random
  readonly isEmail: EmailCheck
  readonly stores: Readonly<Record<ObjectTypeName, ObjectStore>>
  readonly pipelines: ReadonlyMap<ObjectTypeName, Map<string, Pipeline>>
  readonly associations: AssociationGraph
  readonly consent: ConsentBook
  readonly events: EventBook
  readonly lists: ListBook
  /** Addresses that were erased without being known: they can never be used again. */
  readonly blocklist: Set<string>
  /** A fresh id for things that are no CRM records. */
  newId(): string
  /** A fresh correlation id. */
  correlationId(): string
  /** Currencies enabled in the account, the company's first. */
  currencies(): readonly string[]
}

function hexWord(random: Random): string {
  return random.integer(0x1_0000).toString(16).padStart(4, '0')
}

/** Creates an empty portal as HubSpot hands it out: own properties and default pipelines only. */
export function createPortal(settings: Settings): Portal {
  const random = createRandom(settings.seed)
  const at = settings.now()
  const base = 1_000_000 + random.integer(1_000_000)
  let lastId = 20_000_000 + random.integer(1_000_000)
  let firstId = base
  const store = (type: ObjectTypeName): ObjectStore => createStore(objectTypes[type], (firstId += 10_000_000_000), at)
  const stores = {
    contacts: store('contacts'),
    companies: store('companies'),
    deals: store('deals'),
    products: store('products'),
    line_items: store('line_items'),
    orders: store('orders'),
    carts: store('carts'),
  }
  const dealPipeline = defaultDealPipeline(at)
  const orderPipeline = defaultOrderPipeline(lastId + 1, at)
  lastId += 100
  return {
    settings,
    random,
    isEmail: createEmailCheck(settings.topLevelDomains),
    stores,
    pipelines: new Map([
      ['deals', new Map([[dealPipeline.id, dealPipeline]])],
      ['orders', new Map([[orderPipeline.id, orderPipeline]])],
    ]),
    associations: createGraph(),
    consent: createConsent(),
    events: createEventBook(),
    lists: new Map(),
    blocklist: new Set(),
    newId: () => String((lastId += 1)),
    correlationId: () => [2, 1, 1, 1, 3].map((words) => Array.from({ length: words }, () => hexWord(random)).join('')).join('-'),
    currencies: () => [settings.companyCurrency, ...settings.currencies],
  }
}
