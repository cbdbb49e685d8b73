import {
  type Change,
  type Entity,
  type ReadWindow,
  silentLogger,
  type Source,
  type SourceContext,
  type SourcePage,
  systemClock,
} from '@millrace/core'
import type { FakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { commercetools } from './commercetools.ts'
import type { CommercetoolsSettings } from './settings.ts'

/** A context whose sleeps take no time. */
export const quickContext = (signal: AbortSignal = new AbortController().signal): SourceContext => ({
  clock: { ...systemClock, sleep: (_, inner) => (inner?.aborted ? Promise.reject(inner.reason as Error) : Promise.resolve()) },
  logger: silentLogger,
  signal,
})

/** The source for a fake shop. */
export const sourceOf = (shop: FakeCommercetools, settings: Partial<CommercetoolsSettings> = {}): Source => {
  const { projectKey, clientId, clientSecret, apiUrl, authUrl } = shop
  return commercetools({ projectKey, clientId, clientSecret, apiUrl, authUrl, ...settings })
}

/** All pages of a window. */
export const pagesOf = async (source: Source, entity: Entity, window: ReadWindow): Promise<SourcePage[]> => {
  const pages: SourcePage[] = []
  for await (const page of source.read(entity, window, quickContext())) pages.push(page)
  return pages
}

/** All changes of a window. */
export const changesOf = async (source: Source, entity: Entity, window: ReadWindow): Promise<Change[]> =>
  (await pagesOf(source, entity, window)).flatMap((page) => page.changes)

/** The record id of a change. */
export const idOf = (change: Change): string => (change.type === 'upsert' ? change.record.id : change.id)

/** All record ids that the source says exist. */
export const idsOf = async (source: Source, entity: Entity): Promise<string[]> => {
  const ids: string[] = []
  for await (const page of source.ids?.(entity, quickContext()) ?? []) ids.push(...page)
  return ids
}
