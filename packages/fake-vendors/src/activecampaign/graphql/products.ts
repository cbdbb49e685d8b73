import { pairKey, type Account } from '../account.ts'
import type { GraphProduct } from './model.ts'
import { patch } from './patch.ts'
import { checkProducts, type Input } from './validate.ts'

/** Writes products, all or none. The same product twice in one request is one product, merged without a word. */
export function writeProducts(account: Account, inputs: readonly Input[]): GraphProduct[] {
  checkProducts(account, inputs)
  const keys = new Set<string>()
  for (const input of inputs) {
    const key = pairKey(String(input['legacyConnectionId']), String(input['storePrimaryId']))
    keys.add(key)
    const before = account.products.get(key)
    account.products.set(key, {
      id: before?.id ?? account.uuid(),
      legacyConnectionId: Number(input['legacyConnectionId']),
      storePrimaryId: String(input['storePrimaryId']),
      fields: patch(before?.fields ?? {}, input),
      updatedAt: account.settings.now(),
    })
  }
  return [...keys].flatMap((key) => account.products.get(key) ?? [])
}
