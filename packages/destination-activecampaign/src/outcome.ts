import { isMillraceError, type Input, type MillraceError, type Outcome } from '@millrace/core'

/** A failure of one input. What is known of it at the vendor is handed on, so that it is not forgotten. */
export const failed = (
  input: Pick<Input, 'unit'>,
  error: MillraceError,
  known: Pick<Outcome, 'remoteId' | 'objects' | 'progress'> = {},
): Outcome => ({
  unit: input.unit,
  result: 'failed',
  error,
  ...known,
})

/**
 * What an input becomes by `work`; a failure of it costs only it. Throws what concerns the whole destination, what was stopped, and what is no MillraceError:
 * nothing further is sent then. An undefined outcome = the vendor confirmed nothing.
 */
export const settleOne = async (
  input: Input,
  work: () => Promise<Outcome | undefined>,
  known: () => Pick<Outcome, 'remoteId' | 'objects' | 'progress'> = () => ({}),
): Promise<Outcome[]> => {
  try {
    const outcome = await work()
    return outcome === undefined ? [] : [outcome]
  } catch (error) {
    if (!isMillraceError(error) || error.scope === 'destination' || error.code === 'aborted') throw error
    return [failed(input, error, known())]
  }
}
