import {
  createMillrace,
  type Clock,
  type ContractOverride,
  type Logger,
  type Millrace,
  type MillraceConfig,
  type Store,
} from '@millrace/core'
import { hubspot, type HubSpotSettings } from '@millrace/destination-hubspot'
import { startFakeCommercetools, type FakeCommercetools, type FakeCommercetoolsOptions } from '@millrace/fake-vendors/commercetools'
import { startFakeHubSpot, unlimited, type FakeHubSpot, type FakeHubSpotOptions } from '@millrace/fake-vendors/hubspot'
import { commercetools, type CommercetoolsSettings } from '@millrace/source-commercetools'
import { sqlite } from '@millrace/store-sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A shop and a portal on loopback, and everything to connect them. */
export interface World {
  shop: FakeCommercetools
  portal: FakeHubSpot
  /** Path of the store's file. */
  path: string
  /** Moves the shop's clock on, so that what was just edited lies inside the next window. */
  advance(ms: number): void
  /** A fresh instance on the store; closed with the world. */
  open(options?: OpenOptions): Millrace
  close(): Promise<void>
}

export interface OpenOptions {
  path?: string
  store?: Store
  clock?: Clock
  logger?: Logger
  contract?: ContractOverride
  mode?: 'live' | 'observe'
  source?: Partial<CommercetoolsSettings>
  destination?: Partial<HubSpotSettings>
  notifications?: NonNullable<MillraceConfig['notifications']>
}

/** The shop's clock stands well after everything that the generator makes, so that nothing hides in the settling window. */
export const startWorld = async (portalOptions: FakeHubSpotOptions = {}, shopOptions: FakeCommercetoolsOptions = {}): Promise<World> => {
  let ahead = 0
  const shop = await startFakeCommercetools({ ...shopOptions, now: () => Date.now() + ahead })
  const portal = await startFakeHubSpot({ currencies: ['USD', 'JPY', 'KWD'], limits: unlimited, ...portalOptions })
  const folder = mkdtempSync(join(tmpdir(), 'millrace-world-'))
  const path = join(folder, 'store.db')
  const opened: Millrace[] = []
  return {
    shop,
    portal,
    path,
    advance: (ms) => {
      ahead += ms
    },
    open: (options = {}) => {
      const { projectKey, clientId, clientSecret, apiUrl, authUrl } = shop
      const millrace = createMillrace({
        sources: { shop: commercetools({ projectKey, clientId, clientSecret, apiUrl, authUrl, settleMs: 0, ...options.source }) },
        connections: {
          hubspot: {
            destination: hubspot({ accessToken: portal.accessToken, baseUrl: portal.url, ...options.destination }),
            contract: { currencies: ['EUR', 'USD', 'JPY', 'KWD'], ...options.contract },
            ...(options.mode === undefined ? {} : { mode: options.mode }),
          },
        },
        store: options.store ?? sqlite({ path: options.path ?? path }),
        ...(options.notifications === undefined ? {} : { notifications: options.notifications }),
        ...(options.clock === undefined ? {} : { clock: options.clock }),
        ...(options.logger === undefined ? {} : { logger: options.logger }),
      })
      opened.push(millrace)
      return millrace
    },
    close: async () => {
      for (const millrace of opened) await millrace.close()
      await shop.close()
      await portal.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
