import { commercetoolsFaults } from '@millrace/fake-vendors/commercetools'
import { hubSpotFaults } from '@millrace/fake-vendors/hubspot'
import type { World } from '../support/world.ts'

/** Everything that vendors are known to do, each to a few requests in a hundred: the plain failures to all of them, silence only to writes. */
export const breakVendors = ({ shop, portal }: World): void => {
  const plain = [
    hubSpotFaults.rateLimited('TEN_SECONDLY_ROLLING', 1),
    hubSpotFaults.rateLimited('TEN_SECONDLY_ROLLING'),
    hubSpotFaults.unavailable(),
    hubSpotFaults.badGateway(),
    hubSpotFaults.resetBeforeCommit(),
    hubSpotFaults.resetAfterCommit(),
    { kind: 'slow', ms: 120 },
  ] as const
  for (const fault of plain) portal.faults.schedule({ fault, path: '/batch/', probability: 0.02 })
  const silent = [
    hubSpotFaults.silentNoOp(),
    hubSpotFaults.emptyResults(),
    hubSpotFaults.missingRows(3),
    hubSpotFaults.appliedLate({ afterRequests: 2 }, 'reset'),
  ]
  for (const fault of silent) portal.faults.schedule({ fault, path: /batch\/(?:upsert|update|associate)/, probability: 0.02 })
  const ofShop = [
    commercetoolsFaults.tooManyRequests(1),
    commercetoolsFaults.unavailable(),
    commercetoolsFaults.badGateway(),
    commercetoolsFaults.truncated(),
    { kind: 'reset', when: 'before' },
    { kind: 'slow', ms: 60 },
  ] as const
  for (const fault of ofShop) shop.faults.schedule({ fault, path: `/${shop.projectKey}/`, probability: 0.02 })
}

/** Vendors behave again; what was held back is applied. */
export const mendVendors = ({ shop, portal }: World): void => {
  shop.faults.clear()
  portal.faults.clear()
  portal.faults.applyLate()
}
