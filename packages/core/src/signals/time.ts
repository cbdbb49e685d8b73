/** One day of 24 hours, in ms. Signals count elapsed time, not calendar days, so that no time zone moves them. */
export const dayMs = 86_400_000

/** Epoch ms of an instant of the model. */
export const msOf = (instant: string): number => Date.parse(instant)

/** An instant of the model. */
export const instantAt = (epochMs: number): string => new Date(epochMs).toISOString()
