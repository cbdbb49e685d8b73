import type { Schedule } from '@millrace/core'

const minutes = (ms: number): string => `${Number((ms / 60_000).toFixed(1))} min`

const hours = (ms: number): string => `${Number((ms / 3_600_000).toFixed(1))} h`

/** What `start` says when it is up. */
export const startedText = (
  { url, adminUrl }: { url: string; adminUrl: string },
  { entities, deliverMs, reconcileMs, auditMs }: Schedule,
): string => {
  const reading = Object.entries(entities).map(([entity, ms]) => `${entity} ${minutes(ms)}`)
  return [
    `notifications: ${url}/<anything>/<endpoint>`,
    `events of storefronts: ${url}/collect/<endpoint>`,
    `health and metrics: ${adminUrl}/healthz /readyz /metrics`,
    `reading: ${reading.join(', ')}; delivering what became due every ${minutes(deliverMs)}`,
    `comparing totals every ${hours(reconcileMs)}, samples every ${hours(auditMs)}`,
    '',
  ].join('\n')
}
