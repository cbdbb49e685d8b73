import type { AuditAction, Audited } from '../spec/operator.ts'
import type { Engine } from './engine.ts'

/** What a command of the store writes into the audit log. Parts of `detail` that are undefined are left out. */
export const auditedBy = (
  { actor }: Engine,
  action: AuditAction,
  connection: string | undefined,
  detail: Record<string, string | number | boolean | undefined> = {},
): Audited => ({
  actor,
  action,
  connection: connection ?? null,
  detail: Object.fromEntries(Object.entries(detail).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))),
})
