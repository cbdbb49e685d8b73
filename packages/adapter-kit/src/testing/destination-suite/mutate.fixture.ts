import { type Destination, type Input, MillraceError, type Outcome } from '@millrace/core'

/** The method that most mutants change. */
export type Deliver = Destination['deliver']

/** Everything that a delivery yields. */
export async function collect(batches: AsyncIterable<Outcome[]>): Promise<Outcome[]> {
  const all: Outcome[] = []
  for await (const batch of batches) all.push(...batch)
  return all
}

/** The good adapter with another `deliver` around its own. */
export const around =
  (change: (good: Deliver) => Deliver) =>
  (good: Destination): Destination => ({ ...good, deliver: change((inputs, ctx) => good.deliver(inputs, ctx)) })

/** The good adapter with other outcomes. */
export const each = (change: (outcome: Outcome, inputs: readonly Input[]) => Outcome) =>
  around(
    (good) =>
      async function* (inputs, ctx) {
        for await (const batch of good(inputs, ctx)) yield batch.map((outcome) => change(outcome, inputs))
      },
  )

/** An error as mutants make them. */
export const broken = (code: string, more: object = {}): MillraceError => new MillraceError({ code, message: 'It failed.', ...more })
