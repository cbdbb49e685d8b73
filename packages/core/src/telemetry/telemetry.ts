import type { Meter, Tracer } from '@opentelemetry/api'

/**
 * Where metrics and spans go: `trace.getTracer('millrace')` and `metrics.getMeter('millrace')` of `@opentelemetry/api`, or your own. Without it nothing is
 * measured. Labels are names of connections and objects, codes, results and statuses: never keys or data of records.
 */
export interface Telemetry {
  tracer?: Tracer
  meter?: Meter
}
