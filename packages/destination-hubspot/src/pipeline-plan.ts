/** A stage that orders go through. `probability` is HubSpot's for deals: 1.0 is won, 0.0 lost, anything between is open. */
export interface StagePlan {
  word: string
  label: string
  probability: string
  isClosed: boolean
}

/** The stages of both pipelines, in order. Only `placed` is open, only `refunded` and `cancelled` are lost. */
export const stagePlans: readonly StagePlan[] = [
  { word: 'placed', label: 'Placed', probability: '0.5', isClosed: false },
  { word: 'paid', label: 'Paid', probability: '1.0', isClosed: true },
  { word: 'fulfilled', label: 'Fulfilled', probability: '1.0', isClosed: true },
  { word: 'returned', label: 'Returned', probability: '1.0', isClosed: true },
  { word: 'refunded', label: 'Refunded', probability: '0.0', isClosed: true },
  { word: 'cancelled', label: 'Cancelled', probability: '0.0', isClosed: true },
]

/** The pipelines, by the word that core uses. Both have the same stages. */
export const pipelinePlans: readonly { word: string; label: string }[] = [
  { word: 'commerce', label: 'Commerce' },
  { word: 'sales-assisted', label: 'Sales-assisted commerce' },
]

/** Labels are how pipelines and stages are found: ids differ from portal to portal. */
export const sameLabel = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase()
