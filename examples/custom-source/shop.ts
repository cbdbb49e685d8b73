/** A row as the shop's REST interface gives it: stamps without a zone and in whole seconds, amounts as floats, 0 and 1 for no and yes. */
export interface Row {
  entity_id: number
  created_at: string
  updated_at: string
  email: string
  firstname?: string
  lastname?: string
  customer_id?: number | null
  increment_id?: string
  state?: 'new' | 'processing' | 'complete' | 'canceled'
  currency?: string
  grand_total?: number
  tax_amount?: number
  total_paid?: number
  items?: { item_id: number; sku: string; name: string; qty_ordered: number; price: number; row_total: number }[]
}
export type Table = 'customers' | 'orders'
export interface Filter {
  field: 'entity_id' | 'updated_at'
  condition: 'eq' | 'gt' | 'gteq' | 'lteq'
  value: string | number
}
interface Search {
  /** All must hold: the shop has no "or" across fields. */
  filters: Filter[]
  sort: [field: 'entity_id' | 'updated_at', direction?: 'ASC' | 'DESC'][]
  pageSize: number
  currentPage?: number
}

export interface Shop {
  tables: Record<Table, Row[]>
  search(table: Table, search: Search): { items: Row[]; total_count: number }
}

const holds = { eq: (a: number) => a === 0, gt: (a: number) => a > 0, gteq: (a: number) => a >= 0, lteq: (a: number) => a <= 0 }
const compare = (a: string | number, b: string | number): number => (a === b ? 0 : a < b ? -1 : 1)

/** A tiny shop with the manners of Magento's REST interface: sorts descending unless told, and repeats the last page for ever. */
export const tinyShop = (): Shop => {
  const tables: Shop['tables'] = { customers: [], orders: [] }
  const search: Shop['search'] = (table, { filters, sort, pageSize, currentPage = 1 }) => {
    const found = tables[table].filter((row) =>
      filters.every(({ field, condition, value }) => holds[condition](compare(row[field], value))),
    )
    const sorted = found.toSorted((a, b) =>
      sort.reduce((order, [field, direction]) => order || (direction === 'ASC' ? 1 : -1) * compare(a[field], b[field]), 0),
    )
    const page = Math.min(currentPage, Math.max(1, Math.ceil(sorted.length / pageSize)))
    return { items: structuredClone(sorted.slice((page - 1) * pageSize, page * pageSize)), total_count: sorted.length }
  }
  return { tables, search }
}
