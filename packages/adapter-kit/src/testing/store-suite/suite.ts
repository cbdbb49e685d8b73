import type { Store } from '@millrace/core'
import type * as FastCheck from 'fast-check'
import { bookkeepingCases } from './bookkeeping-cases.ts'
import { claimCases } from './claim-cases.ts'
import { dueCases } from './due-cases.ts'
import { historyCases } from './history-cases.ts'
import { eventCases } from './event-cases.ts'
import { watchedCases } from './watched-cases.ts'
import { consentCases } from './consent-cases.ts'
import { ingestCases } from './ingest-cases.ts'
import { interventionCases } from './intervention-cases.ts'
import { leaseCases } from './lease-cases.ts'
import { eraseCases } from './erase-cases.ts'
import { noticeCases } from './notice-cases.ts'
import { operatorCases } from './operator-cases.ts'
import { parkingCases } from './parking-cases.ts'
import { peopleCases } from './people-cases.ts'
import { raiseCases } from './raise-cases.ts'
import { checkAgainstReference } from './same-as-reference.ts'
import { settleCases } from './settle-cases.ts'
import { openWorkbench } from './workbench.ts'
import type { StoreCase } from './workbench.ts'

/** What the suite needs. The test runner is handed in, so that any with `describe` and `it` will do. */
export interface StoreSuiteOptions {
  /** Of the store, for the titles. */
  name: string
  /** Gives an empty store. */
  create: () => Store | Promise<Store>
  describe: (title: string, define: () => void) => void
  it: (title: string, run: () => Promise<void>) => void
  /** With it, random sequences of commands are compared with the memory store. */
  fastCheck?: typeof FastCheck
  /** How many random sequences. Default 100. */
  sequences?: number
}

const groups: Readonly<Record<string, readonly StoreCase[]>> = {
  lease: leaseCases,
  ingest: ingestCases,
  events: eventCases,
  watched: watchedCases,
  people: peopleCases,
  consent: consentCases,
  raise: raiseCases,
  due: dueCases,
  claim: claimCases,
  settle: settleCases,
  parking: parkingCases,
  interventions: interventionCases,
  operator: operatorCases,
  notices: noticeCases,
  erase: eraseCases,
  history: historyCases,
  bookkeeping: bookkeepingCases,
}

/**
 * What every store has to do (`spec/store.ts` in words, this in examples): five lines in a test file make a new store prove it.
 *
 * `storeSuite({ name: 'sqlite', create: () => sqlite({ path: freshPath() }), describe, it, fastCheck: fc })`
 */
export const storeSuite = ({ name, create, describe, it, fastCheck, sequences = 100 }: StoreSuiteOptions): void => {
  describe(`${name}: store`, () => {
    for (const [group, cases] of Object.entries(groups)) {
      describe(group, () => {
        for (const { title, run } of cases) it(title, () => runCase(create, run))
      })
    }
    if (fastCheck !== undefined) {
      it('behaves as the memory store under any sequence of commands', () => checkAgainstReference(fastCheck, create, sequences))
    }
  })
}

const runCase = async (create: StoreSuiteOptions['create'], run: StoreCase['run']): Promise<void> => {
  const store = await create()
  try {
    await run(await openWorkbench(store))
  } finally {
    await store.close()
  }
}
