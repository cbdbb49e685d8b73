import type { Evidence } from '../signals/signal-rules.ts'
import { kindAt, modelCatalog } from '../views/catalog.ts'
import { suggestion } from './closest.ts'

/** Paths of evidence that lead nowhere, and values that never occur there, by their place in the list. */
export const evidenceProblems = (list: readonly Evidence[]): { path: string; message: string }[] =>
  list.flatMap(({ of, path, is = [] }, index) => {
    const kind = kindAt(modelCatalog[of], path)
    if (kind === undefined)
      return [{ path: `${index}.path`, message: `an ${of} has nothing at "${path}"; name a field of it, such as "custom.hold"` }]
    const item = kind.kind === 'list' ? kind.of : kind
    const possible = item.kind === 'text' ? item.values : undefined
    return is.flatMap((value) =>
      possible === undefined || possible.includes(String(value))
        ? []
        : [{ path: `${index}.is`, message: `lists "${value}", which never occurs; ${suggestion(String(value), possible)}` }],
    )
  })
