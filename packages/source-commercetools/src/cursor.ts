import { MillraceError } from '@millrace/core'

/** A position inside one of the streams of an entity: behind the row with this stamp (delta only) and id. Without `id`: at its beginning. */
export interface Position {
  stream: string
  id?: string
  at?: string
}

/** The cursor as the engine stores it. */
export const encodeCursor = (position: Position): string => JSON.stringify(position)

const isText = (value: unknown): value is string | undefined => value === undefined || typeof value === 'string'

/** Throws MillraceError `source_cursor_invalid` for anything that {@link encodeCursor} did not make. */
export const decodeCursor = (cursor: string): Position => {
  const refuse = (): never => {
    throw new MillraceError({
      code: 'source_cursor_invalid',
      message: 'The stored reading position was not made by this version of the commercetools source. Start a backfill.',
      scope: 'destination',
    })
  }
  let value: unknown
  try {
    value = JSON.parse(cursor)
  } catch {
    return refuse()
  }
  if (typeof value !== 'object' || value === null) return refuse()
  const { stream, id, at } = value as Record<string, unknown>
  if (typeof stream !== 'string' || !isText(id) || !isText(at)) return refuse()
  return { stream, ...(id === undefined ? {} : { id }), ...(at === undefined ? {} : { at }) }
}
