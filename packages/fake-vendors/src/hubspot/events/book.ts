/** Definition of a custom behavioural event. */
export interface EventDefinition {
  readonly id: string
  readonly name: string
  readonly label: string
  /** `pe{portalId}_{name}`: what a send names. */
  readonly fullyQualifiedName: string
  readonly primaryObject: string
  readonly description: string
  readonly properties: readonly { readonly name: string; readonly label: string; readonly type: string }[]
  /** Property of the primary object whose value in an event finds the record. */
  readonly customMatchingId: string | undefined
  readonly createdAt: number
}

/** One occurrence that was accepted. */
export interface EventOccurrence {
  readonly eventName: string
  readonly occurredAt: number
  readonly receivedAt: number
  readonly properties: Readonly<Record<string, string>>
  readonly uuid: string | undefined
  readonly email: string | undefined
  readonly objectId: string | undefined
  /** Id of the record it was filed under; undefined when nobody was found: HubSpot accepts and drops such events. */
  readonly recordId: string | undefined
}

/** Definitions and occurrences of a portal. */
export interface EventBook {
  /** By fully qualified name. */
  readonly definitions: Map<string, EventDefinition>
  readonly occurrences: EventOccurrence[]
}

/** Creates an empty book. */
export function createEventBook(): EventBook {
  return { definitions: new Map(), occurrences: [] }
}
