import type { Attributes } from '@opentelemetry/api'
import type { Engine } from '../engine/engine.ts'
import { isMillraceError } from '../error.ts'

/** `SpanStatusCode.ERROR`: the types are all that is used of the library. */
const failed = 2

/** Runs a step inside a span, which is the parent of the spans inside it. Of an error the span holds its code only. */
export const traced = async <T>({ telemetry }: Engine, name: string, attributes: Attributes, step: () => Promise<T>): Promise<T> => {
  const { tracer } = telemetry
  if (tracer === undefined) return step()
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await step()
    } catch (thrown) {
      span.setStatus({ code: failed, message: isMillraceError(thrown) ? thrown.code : 'unexpected' })
      throw thrown
    } finally {
      span.end()
    }
  })
}
