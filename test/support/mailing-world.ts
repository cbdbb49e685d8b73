import { createMillrace, type Clock, type ContractOverride, type Millrace, type Store } from '@millrace/core'
import { marketing, type DotdigitalSettings, type MarketingSettings } from '@millrace/destination-marketing'
import { startFakeCommercetools, type FakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { startFakeDotdigital, unlimited, type FakeDotdigital, type FakeDotdigitalOptions } from '@millrace/fake-vendors/dotdigital'
import { commercetools, type CommercetoolsSettings } from '@millrace/source-commercetools'
import { sqlite } from '@millrace/store-sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A shop and a Dotdigital account on loopback, and everything to connect them. */
export interface MailingWorld {
  shop: FakeCommercetools
  fake: FakeDotdigital
  listId: number
  /** Moves the shop's clock on, so that what was just edited lies inside the next window. */
  advance(ms: number): void
  open(options?: OpenMailing): Millrace
  close(): Promise<void>
}

export interface OpenMailing {
  store?: Store
  clock?: Clock
  contract?: ContractOverride
  source?: Partial<CommercetoolsSettings>
  destination?: Partial<DotdigitalSettings> & { carts?: boolean }
}

export const startMailingWorld = async (options: FakeDotdigitalOptions = {}): Promise<MailingWorld> => {
  let ahead = 0
  const shop = await startFakeCommercetools({ now: () => Date.now() + ahead })
  const fake = await startFakeDotdigital({ limits: unlimited, importMs: 0, ...options })
  const listId = fake.account.addList('Shop')
  const folder = mkdtempSync(join(tmpdir(), 'millrace-mailing-'))
  const opened: Millrace[] = []
  return {
    shop,
    fake,
    listId,
    advance: (ms) => {
      ahead += ms
    },
    open: ({ store, clock, contract, source, destination } = {}) => {
      const { projectKey, clientId, clientSecret, apiUrl, authUrl } = shop
      const settings: MarketingSettings = { baseUrl: fake.url, username: fake.username, password: fake.password, listId, ...destination }
      const millrace = createMillrace({
        sources: {
          shop: commercetools({
            projectKey,
            clientId,
            clientSecret,
            apiUrl,
            authUrl,
            settleMs: 0,
            productUrl: 'https://www.example.com/{locale}/p/{slug}',
            ...source,
          }),
        },
        connections: { dotdigital: { destination: marketing(settings), ...(contract === undefined ? {} : { contract }) } },
        store: store ?? sqlite({ path: join(folder, 'store.db') }),
        ...(clock === undefined ? {} : { clock }),
      })
      opened.push(millrace)
      return millrace
    },
    close: async () => {
      for (const millrace of opened) await millrace.close()
      await shop.close()
      await fake.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
