/**
 * One request to a vendor and what came back, as an adapter tells it to {@link DestinationContext.exchanged}. It holds no secret and no personal data: the path
 * is masked, bodies are outlines in which every value that is not a code, a number of the protocol or an id of the vendor is replaced.
 */
export interface Exchange {
  /** Epoch ms at which the answer came, or the request failed. */
  at: number
  method: string
  /** Below the base URL, without query, masked. */
  path: string
  /** Null when there was no answer. */
  status: number | null
  durationMs: number
  /** The vendor's id of this exchange. */
  correlationId: string | null
  /** Code of the error where there was no answer: `timeout`, `connection_lost`. */
  fault: string | null
  /** Outlines of what was sent and answered: of failures and of a sample, else null. */
  request: string | null
  answer: string | null
}

/** An exchange as the store keeps it. `id` is the engine's, unique. */
export interface StoredExchange extends Exchange {
  id: number
  run: string | null
  connection: string
  /** The object that was being delivered; null for anything else, such as asking for imports. */
  object: string | null
}
