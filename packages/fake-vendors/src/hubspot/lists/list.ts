/** A list of records of one type. Only contacts have lists here. */
export interface RecordList {
  readonly listId: string
  name: string
  readonly objectTypeId: string
  /** `MANUAL` and `SNAPSHOT` take members by the API, `DYNAMIC` by filters only. */
  readonly processingType: 'MANUAL' | 'SNAPSHOT' | 'DYNAMIC'
  readonly createdAt: number
  /** Ids of the member records, in the order in which they were added. */
  readonly members: Set<string>
}

/** All lists of a portal, by id. */
export type ListBook = Map<string, RecordList>

/** The list of a name, compared without case; names are unique over the whole portal. */
export function listNamed(lists: ListBook, name: string): RecordList | undefined {
  return [...lists.values()].find((list) => list.name.toLowerCase() === name.toLowerCase())
}
