/** One contact of a bulk import, checked. */
export interface ImportRow {
  readonly email: string
  readonly firstName: string | undefined
  readonly lastName: string | undefined
  readonly phone: string | undefined
  readonly tags: readonly string[]
  readonly fields: readonly { readonly id: string; readonly value: string }[]
  readonly subscribe: readonly string[]
  readonly unsubscribe: readonly string[]
  readonly excludeAutomations: boolean
}

/** A bulk import. `success` holds contact ids, `failure` addresses. */
export interface ImportBatch {
  readonly batchId: string
  readonly createdAt: number
  readonly rows: readonly ImportRow[]
  status: 'waiting' | 'completed'
  readonly success: string[]
  readonly failure: string[]
}
