import { createMillrace, type Clock, type Millrace, type MillraceConfig } from '@millrace/core'
import { memoryStore } from '@millrace/core/testing'
import { startFakeCommercetools, type FakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { commercetools } from '@millrace/source-commercetools'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { placeNames, startPlaces, type Places } from './all-destinations.ts'
import { sharedClock } from './shared-clock.ts'

/** A shop and every destination on loopback, connected, on one clock that runs `factor` times faster. */
export interface FanOutWorld {
  shop: FakeCommercetools
  places: Places
  millrace: Millrace
  clock: Clock
  close(): Promise<void>
}

export const startFanOut = async (
  options: { factor?: number } & Partial<Pick<MillraceConfig, 'store' | 'logger' | 'telemetry'>> = {},
): Promise<FanOutWorld> => {
  const { factor = 20, ...settings } = options
  const clock = sharedClock(Date.now(), factor)
  const folder = mkdtempSync(join(tmpdir(), 'millrace-fan-out-'))
  const places = await startPlaces({ clock, directory: folder, limits: false })
  // The shop's clock is a little ahead, so that nothing hides in the window that is still settling.
  const shop = await startFakeCommercetools({ now: () => clock.now() + 5_000 })
  const { projectKey, clientId, clientSecret, apiUrl, authUrl } = shop
  const millrace = createMillrace({
    sources: { shop: commercetools({ projectKey, clientId, clientSecret, apiUrl, authUrl, settleMs: 0, companies: false }) },
    connections: Object.fromEntries(
      placeNames.map((name) => [name, { destination: places[name].destination, contract: places[name].contract }]),
    ),
    store: memoryStore(),
    ...settings,
    clock,
  })
  return {
    shop,
    places,
    millrace,
    clock,
    close: async () => {
      await millrace.close()
      await shop.close()
      for (const name of placeNames) await places[name].close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
