import type { Millrace } from '@millrace/core'
import { Counter, Gauge, Registry } from 'prom-client'

/** What happened since the start, and what waits now, in the text format of Prometheus. */
export interface Metrics {
  contentType: string
  text(): Promise<string>
  /** Stops counting. */
  stop(): void
}

/**
 * Counts an instance's events and reads its backlog when asked. Labels are names of connections, objects, sources, states and codes: never keys, never personal
 * data. Nothing global: each call has a registry of its own.
 */
export const collectMetrics = (millrace: Millrace): Metrics => {
  const registers = [new Registry()]
  const [registry] = registers
  const counter = (name: string, help: string, labelNames: string[]): Counter => new Counter({ name, help, labelNames, registers })
  const gauge = (name: string, help: string, labelNames: string[]): Gauge => new Gauge({ name, help, labelNames, registers })

  const settled = counter('millrace_deliveries_settled_total', 'Deliveries that were settled', ['connection', 'object', 'result'])
  const dead = counter('millrace_dead_letters_total', 'Deliveries that became dead letters', ['connection', 'object', 'code'])
  const received = counter('millrace_notifications_received_total', 'Notifications that were kept', ['source'])
  const refused = counter('millrace_notifications_refused_total', 'Notifications that were refused', ['endpoint', 'code'])
  const collected = counter('millrace_collected_events_total', 'Events of collect endpoints that were kept', ['endpoint'])
  const collectRefused = counter('millrace_collect_refused_total', 'Requests to collect endpoints that were refused', [
    'endpoint',
    'status',
  ])
  const runs = counter('millrace_runs_total', 'Passes that ended', ['kind', 'status'])
  const deliveries = gauge('millrace_deliveries', 'Deliveries by their state', ['connection', 'object', 'state'])
  const waiting = gauge('millrace_notifications', 'Notifications that wait to be fetched, or are dead', ['source', 'state'])

  const listeners = [
    millrace.on('delivery.settled', ({ connection, object, result }) => settled.inc({ connection, object, result })),
    millrace.on('delivery.dead', ({ connection, object, problem: { code } }) => dead.inc({ connection, object, code })),
    millrace.on('notifications.received', ({ source, count }) => received.inc({ source }, count)),
    millrace.on('notifications.refused', ({ endpoint, code }) => refused.inc({ endpoint, code })),
    millrace.on('collect.received', ({ endpoint, count }) => collected.inc({ endpoint }, count)),
    millrace.on('collect.refused', ({ endpoint, status }) => collectRefused.inc({ endpoint, status: String(status) })),
    millrace.on('run.finished', ({ run: { kind, status } }) => runs.inc({ kind, status })),
  ]

  const readBacklog = async (): Promise<void> => {
    const status = await millrace.status()
    deliveries.reset()
    waiting.reset()
    for (const [connection, { objects }] of Object.entries(status.connections))
      for (const [object, states] of Object.entries(objects))
        for (const [state, count] of Object.entries(states)) deliveries.set({ connection, object, state }, count)
    for (const [source, counts] of Object.entries(status.notifications)) {
      waiting.set({ source, state: 'waiting' }, counts.waiting)
      waiting.set({ source, state: 'dead' }, counts.dead)
    }
  }

  return {
    contentType: registry?.contentType ?? 'text/plain',
    text: async () => {
      await readBacklog()
      return (await registry?.metrics()) ?? ''
    },
    stop: () => listeners.forEach((off) => off()),
  }
}
