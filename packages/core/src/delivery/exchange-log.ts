import type { DestinationContext, Input } from '../spec/destination.ts'
import type { StoredExchange } from '../spec/exchange.ts'

/** What one drain said to its destination, until it is stored with the settlements that came of it. */
export interface ExchangeLog {
  exchanged: NonNullable<DestinationContext['exchanged']>
  /** Names what is being delivered from now on, so that exchanges find their units; null = nothing. */
  begin(object: string | null, inputs: readonly Input[]): void
  /** Ids of the exchanges that a unit was part of since {@link ExchangeLog.begin}; asked once. */
  idsOf(unit: string): number[]
  /** What was said since the last call. */
  take(): StoredExchange[]
}

/** Makes one. An exchange belongs to the units whose keys or ids are in its body; one that names none of them belongs to all that are still open. */
export const exchangeLog = (run: string, connection: string): ExchangeLog => {
  let said: StoredExchange[] = []
  let object: string | null = null
  let unitsOf = new Map<string, string>()
  let open = new Map<string, number[]>()

  return {
    exchanged: (exchange, sent) => {
      // Given here and not by the store, so that the settlements of the same transaction can name it.
      const id = Math.floor(Math.random() * Number.MAX_SAFE_INTEGER)
      said.push({ ...exchange, id, run, connection, object })
      const named = new Set<string>()
      eachText(sent, (text) => {
        const unit = unitsOf.get(text)
        if (unit !== undefined) named.add(unit)
      })
      for (const unit of named.size === 0 ? open.keys() : named) open.get(unit)?.push(id)
    },
    begin: (what, inputs) => {
      object = what
      open = new Map(inputs.map(({ unit }) => [unit, []]))
      unitsOf = new Map(
        inputs.flatMap(({ unit, key, remoteKey, remoteId, children, objects }) =>
          [key, remoteKey, remoteId, ...children.map((child) => child.key), ...Object.values(objects)].flatMap((name) =>
            name === undefined || name === '' ? [] : [[name, unit] as const],
          ),
        ),
      )
    },
    idsOf: (unit) => {
      const ids = open.get(unit) ?? []
      open.delete(unit)
      return ids
    },
    take: () => {
      const taken = said
      said = []
      return taken
    },
  }
}

const maxDepth = 12

const eachText = (value: unknown, visit: (text: string) => void, depth = 0): void => {
  if (typeof value === 'string') visit(value)
  else if (typeof value === 'number') visit(String(value))
  else if (value instanceof URLSearchParams) for (const item of value.values()) visit(item)
  else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && depth < maxDepth) {
    for (const item of Object.values(value)) eachText(item, visit, depth + 1)
  }
}
