import type { Engine } from '../engine/engine.ts'
import { freshnessClass } from '../operations/freshness.ts'

/** Turns the engine's events into metrics, where the config names a meter. */
export const instrument = ({ emitter, telemetry: { meter }, connections }: Engine): void => {
  if (meter === undefined) return
  const deliveries = meter.createCounter('millrace.deliveries', { description: 'Deliveries that were settled, by result' })
  const failures = meter.createCounter('millrace.failures', { description: 'Failed deliveries, by code; `dead` = they need a decision' })
  const freshness = meter.createHistogram('millrace.freshness', {
    unit: 's',
    description: "From the source's own stamp of a change to the vendor's answer",
  })
  const requests = meter.createHistogram('millrace.vendor.request', { unit: 's', description: 'Requests to vendors, by status or fault' })
  const down = meter.createUpDownCounter('millrace.connections.down', {
    description: 'Connections whose destination is down or refuses us',
  })
  const alerts = meter.createCounter('millrace.alerts', { description: 'Alerts that were told' })
  const runs = meter.createCounter('millrace.runs', { description: 'Passes that ended, by status' })

  emitter.on('delivery.settled', ({ connection, object, result, tookMs }) => {
    deliveries.add(1, { connection, object, result })
    const kind = connections.get(connection)?.destination.objects[object]?.from
    if (tookMs !== undefined && kind !== undefined) freshness.record(tookMs / 1000, { connection, class: freshnessClass(kind) })
  })
  emitter.on('delivery.retrying', ({ connection, object, code }) => failures.add(1, { connection, object, code, dead: false }))
  emitter.on('delivery.dead', ({ connection, object, problem: { code } }) => failures.add(1, { connection, object, code, dead: true }))
  emitter.on('exchange', ({ connection, method, status, fault, durationMs }) =>
    requests.record(durationMs / 1000, { connection, method, status: status ?? fault ?? 'unknown' }),
  )
  emitter.on('connection.down', ({ connection }) => down.add(1, { connection }))
  emitter.on('connection.up', ({ connection }) => down.add(-1, { connection }))
  emitter.on('alert.raised', ({ kind, connection }) => alerts.add(1, { kind, connection }))
  emitter.on('run.finished', ({ run: { kind, status } }) => runs.add(1, { kind, status }))
}
