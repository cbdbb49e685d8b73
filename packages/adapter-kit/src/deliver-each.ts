import { type Input, isMillraceError, MillraceError, type Outcome } from '@millrace/core'
import { mapConcurrent } from './map-concurrent.ts'

/** What {@link deliverEach} needs to know. */
export interface DeliverEachOptions {
  /** How many records may be under way side by side. What the vendor allows in a time is a budget's affair. */
  concurrency: number
  signal: AbortSignal
  /** Delivers one record. `undefined`: the vendor confirmed nothing, so it comes again. What it throws is the record's fault unless its scope is `destination`. */
  deliver: (input: Input) => Promise<Outcome | undefined>
  /** What an input is sent under; default its own key. Those of one key follow each other in their order. */
  inputKey?: (input: Input) => string
}

/**
 * A whole `deliver` for a vendor that takes records one by one. The first goes alone, since it finds out whether the vendor takes anything now; then the others,
 * `concurrency` at a time. A MillraceError of one record, or of its call, costs that record. One of scope `destination` (a refused credential, a 429, an
 * outage), an abort and whatever is no MillraceError is thrown: nothing further is begun, and what others in flight still tell is passed on first.
 */
export async function* deliverEach(
  inputs: readonly Input[],
  { concurrency, signal, deliver, inputKey = ({ key }) => key }: DeliverEachOptions,
): AsyncGenerator<Outcome[], void, undefined> {
  let unanswered = 0
  async function* inOrder(sameKey: readonly Input[]): AsyncGenerator<Outcome[]> {
    for (const input of sameKey) {
      unanswered += 1
      const outcome = await deliver(input).catch((error: unknown) => blame(input, error))
      if (outcome === undefined) continue
      unanswered -= 1
      yield [outcome]
    }
  }
  const [first, ...others] = Map.groupBy(inputs, inputKey).values()
  if (first === undefined) return
  try {
    yield* mapConcurrent([first], 1, inOrder, signal)
    yield* mapConcurrent(others, concurrency, inOrder, signal)
  } catch (error) {
    throw unanswered === 0 && isMillraceError(error) && error.code === 'aborted' ? notBegun(error) : error
  }
}

/** Stopped while nothing was under way: of what is left, nothing was sent. */
const notBegun = ({ code, scope, retryable, message, cause, context }: MillraceError): MillraceError =>
  new MillraceError({ code, scope, retryable, message, cause, context: { ...context, applied: 'no' } })

function blame({ unit }: Input, error: unknown): Outcome {
  if (!isMillraceError(error) || error.scope === 'destination' || error.code === 'aborted') throw error
  return { unit, result: 'failed', error }
}
