import { SpanStatusCode, type Attributes } from '@opentelemetry/api'
import type { Engine } from '../engine/engine.ts'
import { isMillraceError } from '../error.ts'

/** Runs a step inside a span, which is the parent of the spans inside it. Of an error the span holds its code only. */
export const traced = async <T>({ telemetry }: Engine, name: string, attributes: Attributes, step: () => Promise<T>): Promise<T> => {
  const { tracer } = telemetry
  if (tracer === undefined) return step()
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await step()
    } catch (thrown) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: isMillraceError(thrown) ? thrown.code : 'unexpected' })
      throw thrown
    } finally {
      span.end()
    }
  })
}
